"""Every address × GET and POST × every role, against one written table. A new address without a row fails.

`TABLE` has one line per address and object: the status codes of GET, then those of POST, for the ROLES in their order.
POST is sent empty, so whoever may act is answered 409 (the form names no run) or 422 (the form is empty) or is led on;
nothing is changed. Objects: `own` belongs to the owner (the ticket is allocated to the technician), `internal` is the
file of an internal note on that ticket, `paper` a document of another ticket of theirs, `proof` what is open to
anybody who holds its code, `pc` a browser test, `missing` does not exist: strangers must get the same for both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Absence, User
from dashboard import reports
from dashboard.models import Display, hashed, new_token
from jobs import work
from jobs.models import Job
from network.actions.reality import record
from network.models import Subnet
from network.probe.packets import Status
from tests.tickets.factories import Office, make_office
from tests.tickets.measuring import link_of
from tickets import actions, attachments, documents, notify
from tickets.models import Attachment, BulkAct, Delivery, Document, Equipment, SavedView, Ticket
from worktime.models import CalendarProposal, CalendarRevision

ROLES: Final = ("anonymous", "owner", "stranger", "admin", "technician", "other_technician", "supervisor")

TABLE: Final = """
healthz                                -         200 200 200 200 200 200 200 | 405 405 405 405 405 405 405
readyz                                 -         503 503 503 503 503 503 503 | 405 405 405 405 405 405 405
accounts:profile                       -         302 200 200 200 200 200 200 | 302 422 422 422 422 422 422
accounts:language                      -         302 302 302 302 302 302 302 | 400 400 400 400 400 400 400
accounts:theme                         -         302 302 302 302 302 302 302 | 400 400 400 400 400 400 400
accounts:availability                  -         302 403 403 200 200 200 403 | 302 403 403 422 422 422 403
accounts:absence-end                   absence   302 405 405 405 405 405 405 | 302 404 404 302 404 302 404
accounts:absence-end                   missing   302 405 405 405 405 405 405 | 302 404 404 404 404 404 404
accounts:import                        -         302 403 403 200 403 403 403 | 302 403 403 422 403 403 403
accounts:import-commit                 -         302 403 403 405 403 403 403 | 302 403 403 302 403 403 403
accounts:import-template-csv           -         302 403 403 200 403 403 403 | 302 403 403 405 403 403 403
accounts:import-template-xlsx          -         302 403 403 200 403 403 403 | 302 403 403 405 403 403 403
account_login                          -         200 302 302 302 302 302 302 | 422 302 302 302 302 302 302
account_logout                         -         302 200 200 200 200 200 200 | 302 302 302 302 302 302 302
account_inactive                       -         200 200 200 200 200 200 200 | 405 405 405 405 405 405 405
account_reauthenticate                 -         302 403 403 403 403 403 403 | 302 403 403 403 403 403 403
account_change_password                -         302 302 302 302 302 302 302 | 302 302 302 302 302 302 302
account_set_password                   -         302 200 200 200 200 200 200 | 302 422 422 422 422 422 422
account_reset_password                 -         200 200 200 200 200 200 200 | 422 422 422 422 422 422 422
account_reset_password_done            -         200 200 200 200 200 200 200 | 405 405 405 405 405 405 405
account_reset_password_from_key_done   -         200 200 200 200 200 200 200 | 405 405 405 405 405 405 405
account_reset_password_from_key        -         200 200 200 200 200 200 200 | 200 200 200 200 200 200 200
mfa_index                              -         302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
mfa_authenticate                       -         302 302 302 302 302 302 302 | 302 302 302 302 302 302 302
mfa_reauthenticate                     -         302 403 403 403 403 403 403 | 302 403 403 403 403 403 403
mfa_activate_totp                      -         302 200 200 200 200 200 200 | 302 422 422 422 422 422 422
mfa_deactivate_totp                    -         302 404 404 404 404 404 404 | 302 404 404 404 404 404 404
mfa_view_recovery_codes                -         302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
mfa_generate_recovery_codes            -         302 200 200 200 200 200 200 | 302 200 200 200 200 200 200
mfa_download_recovery_codes            -         302 404 404 404 404 404 404 | 302 404 404 404 404 404 404
usersessions_list                      -         302 200 200 200 200 200 200 | 302 302 302 302 302 302 302
tickets:older-calendars                -         302 403 403 200 403 403 403 | 302 403 403 409 403 403 403
tickets:calendar-effect                -         302 403 403 200 403 403 403 | 302 403 403 405 403 403 403
tickets:list                           -         302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
tickets:bulk                           -         302 403 403 302 403 403 403 | 302 403 403 422 403 403 403
tickets:bulk-result                    bulk      302 403 403 200 403 403 403 | 302 405 405 405 405 405 405
tickets:bulk-result                    missing   302 403 403 404 403 403 403 | 302 405 405 405 405 405 405
tickets:views                          -         302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
tickets:view-save                      -         302 405 405 405 405 405 405 | 302 422 422 422 422 422 422
tickets:view-change                    view      302 405 405 405 405 405 405 | 302 422 404 404 404 404 404
tickets:view-change                    missing   302 405 405 405 405 405 405 | 302 404 404 404 404 404 404
tickets:view-delete                    view      302 405 405 405 405 405 405 | 302 302 404 404 404 404 404
tickets:view-delete                    missing   302 405 405 405 405 405 405 | 302 404 404 404 404 404 404
tickets:view-default                   view      302 405 405 405 405 405 405 | 302 302 404 404 404 404 404
tickets:view-default                   missing   302 405 405 405 405 405 405 | 302 404 404 404 404 404 404
tickets:columns                        -         302 405 405 405 405 405 405 | 302 302 302 302 302 302 302
tickets:csv                            -         302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
tickets:create                         -         302 200 200 200 200 200 200 | 302 422 422 422 422 422 422
tickets:of-device                      own       302 200 404 200 200 200 200 | 302 405 405 405 405 405 405
tickets:of-device                      missing   302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
tickets:of-records                     -         302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
tickets:detail                         own       302 200 404 200 200 200 200 | 302 405 405 405 405 405 405
tickets:detail                         missing   302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
tickets:fragment                       own       302 200 404 200 200 200 200 | 302 405 405 405 405 405 405
tickets:fragment                       missing   302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
tickets:record                         own       302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
tickets:record                         missing   302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
tickets:ledger                         own       302 200 404 200 200 200 200 | 302 405 405 405 405 405 405
tickets:ledger                         missing   302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
tickets:attachment                     own       302 200 404 200 200 200 200 | 302 405 405 405 405 405 405
tickets:attachment                     internal  302 404 404 200 200 200 200 | 302 405 405 405 405 405 405
tickets:attachment                     missing   302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
tickets:documents                      own       302 200 404 200 200 200 200 | 302 405 405 405 405 405 405
tickets:documents                      missing   302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
tickets:document                       paper     302 200 404 200 200 200 200 | 302 405 405 405 405 405 405
tickets:document                       missing   302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
tickets:rating                         own       302 409 404 403 403 403 403 | 302 409 404 403 403 403 403
tickets:rating                         missing   302 404 404 404 404 404 404 | 302 404 404 404 404 404 404
tickets:survey                         own       302 409 404 403 403 403 403 | 302 409 404 403 403 403 403
tickets:survey                         missing   302 404 404 404 404 404 404 | 302 404 404 404 404 404 404
tickets:equipment-list                 -         302 403 403 200 200 200 200 | 302 405 405 405 405 405 405
tickets:equipment                      item      302 403 403 200 200 200 200 | 302 405 405 405 405 405 405
tickets:equipment                      missing   302 403 403 404 404 404 404 | 302 405 405 405 405 405 405
tickets:stock-receive                  item      302 405 405 405 405 405 405 | 302 403 403 422 403 403 403
tickets:stock-receive                  missing   302 405 405 405 405 405 405 | 302 403 403 404 403 403 403
tickets:stock-correct                  item      302 405 405 405 405 405 405 | 302 403 403 422 403 403 403
tickets:stock-correct                  missing   302 405 405 405 405 405 405 | 302 403 403 404 403 403 403
tickets:verify-any                     -         200 200 200 200 200 200 200 | 405 405 405 405 405 405 405
tickets:verify                         proof     200 200 200 200 200 200 200 | 405 405 405 405 405 405 405
tickets:verify                         missing   404 404 404 404 404 404 404 | 405 405 405 405 405 405 405
tickets:measure-any                    -         200 200 200 200 200 200 200 | 405 405 405 405 405 405 405
tickets:measure                        pc        200 200 200 200 200 200 200 | 405 405 405 405 405 405 405
tickets:measure                        missing   404 404 404 404 404 404 404 | 405 405 405 405 405 405 405
tickets:measure-answer                 pc        204 204 204 204 204 204 204 | 405 405 405 405 405 405 405
tickets:measure-answer                 missing   404 404 404 404 404 404 404 | 404 404 404 404 404 404 404
tickets:measure-download               pc        200 200 200 200 200 200 200 | 405 405 405 405 405 405 405
tickets:measure-download               missing   404 404 404 404 404 404 404 | 404 404 404 404 404 404 404
tickets:measure-upload                 pc        405 405 405 405 405 405 405 | 204 204 204 204 204 204 204
tickets:measure-upload                 missing   404 404 404 404 404 404 404 | 404 404 404 404 404 404 404
tickets:measure-keep                   pc        405 405 405 405 405 405 405 | 422 422 422 422 422 422 422
tickets:measure-keep                   missing   405 405 405 405 405 405 405 | 404 404 404 404 404 404 404
tickets:measuring-link                 own       302 302 302 302 302 302 302 | 302 403 404 403 409 403 403
tickets:measuring-link                 missing   302 302 302 302 302 302 302 | 302 404 404 404 404 404 404
tickets:measuring-link-revoke          own       302 302 302 302 302 302 302 | 302 403 404 403 409 403 403
tickets:measuring-link-revoke          missing   302 302 302 302 302 302 302 | 302 404 404 404 404 404 404
tickets:approve                        own       302 302 302 302 302 302 302 | 302 403 404 409 403 403 403
tickets:approve                        missing   302 302 302 302 302 302 302 | 302 404 404 404 404 404 404
tickets:reject                         own       302 302 302 302 302 302 302 | 302 403 404 409 403 403 403
tickets:reject                         missing   302 302 302 302 302 302 302 | 302 404 404 404 404 404 404
tickets:cancel                         own       302 302 302 302 302 302 302 | 302 409 404 409 403 403 403
tickets:cancel                         missing   302 302 302 302 302 302 302 | 302 404 404 404 404 404 404
tickets:accept                         own       302 302 302 302 302 302 302 | 302 403 404 403 409 403 403
tickets:accept                         missing   302 302 302 302 302 302 302 | 302 404 404 404 404 404 404
tickets:decline                        own       302 302 302 302 302 302 302 | 302 403 404 403 409 403 403
tickets:decline                        missing   302 302 302 302 302 302 302 | 302 404 404 404 404 404 404
tickets:reassign                       own       302 302 302 302 302 302 302 | 302 403 404 409 403 403 403
tickets:reassign                       missing   302 302 302 302 302 302 302 | 302 404 404 404 404 404 404
tickets:identify                       own       302 302 302 302 302 302 302 | 302 403 404 403 409 403 403
tickets:identify                       missing   302 302 302 302 302 302 302 | 302 404 404 404 404 404 404
tickets:complete_work                  own       302 302 302 302 302 302 302 | 302 403 404 403 409 403 403
tickets:complete_work                  missing   302 302 302 302 302 302 302 | 302 404 404 404 404 404 404
tickets:pass_test                      own       302 302 302 302 302 302 302 | 302 403 404 403 409 403 403
tickets:pass_test                      missing   302 302 302 302 302 302 302 | 302 404 404 404 404 404 404
tickets:fail_test                      own       302 302 302 302 302 302 302 | 302 403 404 403 409 403 403
tickets:fail_test                      missing   302 302 302 302 302 302 302 | 302 404 404 404 404 404 404
tickets:finish                         own       302 302 302 302 302 302 302 | 302 403 404 403 409 403 403
tickets:finish                         missing   302 302 302 302 302 302 302 | 302 404 404 404 404 404 404
tickets:reopen                         own       302 302 302 302 302 302 302 | 302 409 404 409 403 403 403
tickets:reopen                         missing   302 302 302 302 302 302 302 | 302 404 404 404 404 404 404
tickets:hold                           own       302 302 302 302 302 302 302 | 302 403 404 409 409 403 403
tickets:hold                           missing   302 302 302 302 302 302 302 | 302 404 404 404 404 404 404
tickets:resume                         own       302 302 302 302 302 302 302 | 302 403 404 409 409 403 403
tickets:resume                         missing   302 302 302 302 302 302 302 | 302 404 404 404 404 404 404
tickets:change_priority                own       302 302 302 302 302 302 302 | 302 403 404 409 403 403 403
tickets:change_priority                missing   302 302 302 302 302 302 302 | 302 404 404 404 404 404 404
tickets:comment                        own       302 302 302 302 302 302 302 | 302 422 404 422 422 422 422
tickets:comment                        missing   302 302 302 302 302 302 302 | 302 404 404 404 404 404 404
tickets:notices                        -         302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
tickets:bell                           -         302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
tickets:notices-read                   -         302 405 405 405 405 405 405 | 302 302 302 302 302 302 302
tickets:notice-open                    notice    302 405 405 405 405 405 405 | 302 302 404 404 404 404 404
tickets:notice-open                    missing   302 405 405 405 405 405 405 | 302 404 404 404 404 404 404
tickets:undelivered                    -         302 403 403 200 403 403 403 | 302 405 405 405 405 405 405
tickets:undelivered-again              -         302 405 405 405 405 405 405 | 302 403 403 302 403 403 403
tickets:notice-preferences             -         302 200 200 200 200 200 200 | 302 302 302 302 302 302 302
tickets:chat-add                       -         302 405 405 405 405 405 405 | 302 422 422 422 422 422 422
tickets:chat-remove                    chat      302 405 405 405 405 405 405 | 302 302 404 404 404 404 404
tickets:chat-remove                    missing   302 405 405 405 405 405 405 | 302 404 404 404 404 404 404
tickets:chat-test                      chat      302 405 405 405 405 405 405 | 302 302 404 404 404 404 404
tickets:chat-test                      missing   302 405 405 405 405 405 405 | 302 404 404 404 404 404 404
network:device-list                    -         302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
network:device-create                  -         302 403 403 200 200 200 403 | 302 403 403 200 200 200 403
network:device-detail                  own       302 200 404 200 200 200 200 | 302 405 405 405 405 405 405
network:device-detail                  missing   302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
network:device-labels                  -         302 403 403 200 200 200 200 | 302 403 403 405 405 405 405
network:device-label                   own       302 403 404 200 200 200 200 | 302 405 405 405 405 405 405
network:device-label                   missing   302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
network:device-edit                    own       302 403 404 200 200 200 403 | 302 403 404 200 200 200 403
network:device-edit                    missing   302 404 404 404 404 404 404 | 302 404 404 404 404 404 404
network:device-record                  own       302 403 404 200 200 200 403 | 302 403 404 200 200 200 403
network:device-record                  missing   302 404 404 404 404 404 404 | 302 404 404 404 404 404 404
network:device-trail                   own       302 403 403 200 403 403 403 | 302 403 403 405 403 403 403
network:device-trail                   missing   302 403 403 404 403 403 403 | 302 403 403 405 403 403 403
network:subnet-trail                   subnet    302 403 403 200 403 403 403 | 302 403 403 405 403 403 403
network:subnet-trail                   missing   302 403 403 404 403 403 403 | 302 403 403 405 403 403 403
network:device-proposal                own       302 403 404 200 200 200 403 | 302 405 405 405 405 405 405
network:device-proposal                missing   302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
network:device-check                   own       302 405 405 405 405 405 405 | 302 403 404 302 302 302 403
network:device-check                   missing   302 405 405 405 405 405 405 | 302 404 404 404 404 404 404
network:drift                          -         302 403 403 200 200 200 200 | 302 403 403 405 405 405 405
network:observation-check              observed  302 403 403 405 405 405 403 | 302 403 403 302 302 302 403
network:observation-check              missing   302 403 403 405 405 405 403 | 302 403 403 404 404 404 403
network:device-decommission            own       302 405 405 405 405 405 405 | 302 403 404 422 422 422 403
network:device-decommission            missing   302 405 405 405 405 405 405 | 302 404 404 404 404 404 404
network:subnet-list                    -         302 403 403 200 200 200 200 | 302 403 403 405 405 405 405
network:lookup                         -         302 403 403 200 200 200 200 | 302 403 403 405 405 405 405
network:subnet-create                  -         302 403 403 200 200 200 403 | 302 403 403 200 200 200 403
network:subnet-detail                  subnet    302 403 403 200 200 200 200 | 302 403 403 405 405 405 405
network:subnet-detail                  missing   302 403 403 404 404 404 404 | 302 403 403 405 405 405 405
network:subnet-edit                    subnet    302 403 403 200 200 200 403 | 302 403 403 200 200 200 403
network:subnet-check                   subnet    302 403 403 405 405 405 403 | 302 403 403 302 302 302 403
network:subnet-check                   missing   302 403 403 405 405 405 403 | 302 403 403 404 404 404 403
network:subnet-edit                    missing   302 403 403 404 404 404 403 | 302 403 403 404 404 404 403
network:import                         -         302 403 403 200 403 403 403 | 302 403 403 422 403 403 403
network:import-preview                 preview   302 403 403 200 403 403 403 | 302 403 403 405 403 403 403
network:import-preview                 missing   302 403 403 404 403 403 403 | 302 403 403 405 403 403 403
network:import-commit                  preview   302 403 403 405 403 403 403 | 302 403 403 404 403 403 403
network:import-commit                  missing   302 403 403 405 403 403 403 | 302 403 403 404 403 403 403
network:import-example                 form      302 403 403 200 403 403 403 | 302 403 403 405 403 403 403
network:import-example                 missing   302 403 403 404 403 403 403 | 302 403 403 405 403 403 403
network:export                         -         302 403 403 200 200 200 200 | 302 403 403 422 422 422 422
network:workgroup-list                 -         302 403 403 200 200 200 200 | 302 403 403 405 405 405 405
network:workgroup-create               -         302 403 403 200 200 200 403 | 302 403 403 200 200 200 403
jobs:list                              -         302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
jobs:detail                            job       302 200 404 404 404 404 404 | 302 405 405 405 405 405 405
jobs:detail                            missing   302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
jobs:progress                          job       302 200 404 404 404 404 404 | 302 405 405 405 405 405 405
jobs:progress                          missing   302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
jobs:cancel                            job       302 405 405 405 405 405 405 | 302 302 404 404 404 404 404
jobs:cancel                            missing   302 405 405 405 405 405 405 | 302 404 404 404 404 404 404
jobs:file                              job       302 200 404 404 404 404 404 | 302 405 405 405 405 405 405
jobs:file                              missing   302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
worktime:calendar                      -         302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
worktime:edit                          -         302 403 403 200 403 403 403 | 302 403 403 302 403 403 403
worktime:publish                       -         302 403 403 405 403 403 403 | 302 403 403 302 403 403 403
worktime:dismiss                       proposal  302 403 403 405 403 403 403 | 302 403 403 302 403 403 403
worktime:dismiss                       missing   302 403 403 405 403 403 403 | 302 403 403 404 403 403 403
dashboard:home                         -         302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
dashboard:board                        -         302 403 403 200 200 200 200 | 302 405 405 405 405 405 405
dashboard:mine                         -         302 403 403 403 200 200 403 | 302 405 405 405 405 405 405
dashboard:displays                     -         302 403 403 200 403 403 200 | 302 403 403 422 403 403 422
dashboard:display-revoke               display   302 405 405 405 405 405 405 | 302 403 403 302 403 403 302
dashboard:display-revoke               missing   302 405 405 405 405 405 405 | 302 403 403 404 403 403 404
dashboard:wall                         display   200 200 200 200 200 200 200 | 405 405 405 405 405 405 405
dashboard:wall                         missing   404 404 404 404 404 404 404 | 405 405 405 405 405 405 405
dashboard:satisfaction                 -         302 403 403 200 200 200 200 | 302 405 405 405 405 405 405
dashboard:sla                          -         302 403 403 200 403 403 200 | 302 403 403 405 403 403 405
dashboard:sop                          -         302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
dashboard:reports                      -         302 403 403 200 403 403 200 | 302 405 405 405 405 405 405
dashboard:export                       -         302 405 405 405 405 405 405 | 302 403 403 422 403 403 422
dashboard:report-make                  -         302 405 405 405 405 405 405 | 302 403 403 422 403 403 422
dashboard:report-file                  report    302 403 403 200 403 403 200 | 302 405 405 405 405 405 405
dashboard:report-file                  missing   302 403 403 404 403 403 404 | 302 405 405 405 405 405 405
dashboard:sop-revision                 sop       302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
dashboard:sop-revision                 missing   302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
dashboard:sop-revision-new             -         302 403 403 200 403 403 403 | 302 403 403 422 403 403 403
"""

#: What the admin site opens for an admin, by kind of page. Tickets and registry are only read there; people and the
#: lists that the history refers to are never deleted; groups, sessions and second factors are for superusers.
READ_THERE: Final = {
    "accounts_unit", "accounts_user", "network_device", "network_ipassignment", "network_nameassignment",
    "network_subnet", "network_workgroup", "tickets_checkitem", "tickets_equipment", "tickets_holdreason",
    "tickets_reachtarget", "tickets_soprevision", "tickets_surveyelement", "tickets_ticket", "tickets_ticketevent",
    "worktime_calendarrevision",
}  # fmt: skip
ADMIN_SITE: Final = {
    "changelist": READ_THERE,
    "add": {
        "accounts_unit",
        "accounts_user",
        "tickets_checkitem",
        "tickets_equipment",
        "tickets_holdreason",
        "tickets_reachtarget",
    },
    "delete": {"accounts_unit"},
}

MISSING: Final[dict[str, Any]] = {
    "number": "HC-2020-999999", "name": UUID(int=0), "pk": 2**40, "device_id": 2**40, "object_id": 1, "id": 1,
    "content_type_id": 1, "run": 2**40, "code": "x", "app_label": "tickets", "url": "x", "uidb36": "1", "key": "a-b",
    "revision_id": 2**40, "token": "2-2222-2222-2222", "month": "2020-01", "format": "pdf", "act": UUID(int=0),
    "form": "x",
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """What the addresses speak of, and each role's session."""

    objects: dict[str, dict[str, Any]]
    sessions: dict[str, str]
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))


def addresses(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    """Every address by its full name."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry, (*namespaces, entry.namespace) if entry.namespace else namespaces)
        else:
            yield ":".join([*namespaces, entry.name or ""]), entry


@pytest.fixture(scope="module")
def world(
    django_db_setup: str, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Made once; every request is rolled back, and all of it at the end."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(settings, "MEDIA_ROOT", tmp_path_factory.mktemp("media"))
        patch.setattr(settings, "REALITY_CHECK", False)  # nobody is really asked
        patch.setattr("halocik.views._within", lambda *_: "not asked here")
        # Their codes are asked for; the pages are drawn in test_components, the tours and for both languages.
        patch.setattr("django.views.defaults.loader", SimpleNamespace(get_template=lambda _name: _Blank()))
        yield _made()
        transaction.set_rollback(True)


class _Blank:
    def render(self, *_: Any, **__: Any) -> str:
        return ""


def _made() -> World:
    office = make_office(now=actions.database_now() - timedelta(hours=1))
    ticket = office.ticket_in("assigned", device=office.device())
    public, internal = (_file(office, ticket, internal=internal) for internal in (False, True))
    own = {"number": ticket.number, "pk": ticket.device_id, "device_id": ticket.device_id, "name": public}
    own["run"] = ticket.current_run_id
    subnet = {"pk": office.subnet.pk}
    base = CalendarRevision.objects.current()
    proposal = {"pk": CalendarProposal.objects.create(base=base, data={}, note="uji").pk}
    notice, chat = _told(office, ticket)
    paper = _paper(office)
    people = {role: getattr(office, "requester" if role == "owner" else role) for role in ROLES[1:]}
    return World(
        objects={
            "own": own,
            "internal": own | {"name": internal},
            "subnet": subnet,
            "paper": {"number": paper.ticket.number, "name": paper.name},
            "proof": {"code": paper.code},
            "report": {"month": f"{reports.file_month(date(2026, 1, 1)).month:%Y-%m}", "format": "pdf"},
            "sop": {"revision_id": ticket.sop_id},
            "pc": {"token": link_of(office.ticket_in("testing")).code},
            "absence": {"pk": _absence(office.other_technician)},
            "proposal": proposal,
            "observed": {"pk": _observed(office)},
            "notice": {"pk": notice},
            "chat": {"pk": chat},
            "job": _job(office.requester),
            "display": _display(office),
            "item": {"pk": Equipment.objects.earliest("pk").pk},
            "view": {"pk": SavedView.objects.create(owner=office.requester, name="Milikku").pk},
            "bulk": {"act": _bulk(office)},
            "preview": _job(office.admin, "network.preview"),
            "form": {"form": "xlsx"},
            "missing": MISSING,
            "-": {},
        },
        sessions={role: _session(person) for role, person in people.items()},
    )


def _observed(office: Office) -> int:
    subnet = Subnet.objects.create(cidr="10.99.0.0/24", name="Terlihat", unit=office.unit, seen_directly=True)
    [row] = record(subnet, {"10.99.0.9": Status("TAMU", "WORKGROUP", "")}, now=office.now)
    return row.pk


def _absence(person: User) -> int:
    day = date(2050, 1, 3)
    return Absence.objects.create(user=person, first_on=day, last_on=day, reason="Cuti", recorded_by=person).pk


def _job(person: User, kind: str = "uji") -> dict[str, Any]:
    """Started with a file."""
    upload = SimpleUploadedFile("daftar.csv", b"a;b")
    job = Job.objects.create(kind=kind, owner=person, created_at=actions.database_now())
    work.keep(job, upload)
    return {"pk": job.pk, "name": job.input.name}


def _display(office: Office) -> dict[str, Any]:
    token = new_token()
    display = Display.objects.create(name="TV", token_hash=hashed(token), made_by=office.admin, made_at=office.now)
    return {"pk": display.pk, "token": token}


def _bulk(office: Office) -> UUID:
    return BulkAct.objects.create(by=office.admin, action="reject", at=office.now, asked=[]).pk


def _file(office: Office, ticket: Ticket, *, internal: bool) -> UUID:
    files = attachments.store([SimpleUploadedFile("catatan.txt", b"x")])
    by = office.technician if internal else office.requester
    actions.comment(ticket, text="Lihat lampiran.", internal=internal, files=files, by=by, now=office.now)
    return Attachment.objects.latest("pk").name


def _paper(office: Office) -> Document:
    office.ticket_in("finishing")
    documents.file_pending()
    return Document.objects.latest("pk")


def _told(office: Office, ticket: Ticket) -> tuple[int, int]:
    """The owner's notice, and a chat address of theirs whose service is not allowed: nothing leaves this machine."""
    event = ticket.events.earliest("seq")
    notice = Delivery.objects.create(
        event=event, recipient=office.requester, role="requester", channel="bell", state="sent",
        due_at=office.now, sent_at=office.now,
    )  # fmt: skip
    return notice.pk, notify.add_address(office.requester, "Obrolan", "json://127.0.0.1/").pk


def _session(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def ask(world: World, role: str, method: str, address: str) -> int:
    """The answer's status; whatever the request did is undone."""
    client = world.client
    client.cookies.clear()
    if role in world.sessions:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[role]
    with transaction.atomic():
        answer = client.get(address) if method == "GET" else client.post(address)
        if answer.streaming:
            answer.getvalue()  # read to its end, the file is closed
        transaction.set_rollback(True)
    return answer.status_code


def address_of(name: str, pattern: URLPattern, values: dict[str, Any]) -> str:
    wanted = {*pattern.pattern.converters, *getattr(pattern.pattern.regex, "groupindex", ())}
    return reverse(name, kwargs={key: values.get(key, MISSING[key]) for key in wanted})


ADDRESSES: Final = list(addresses(get_resolver()))
OURS: Final = {name: pattern for name, pattern in ADDRESSES if not name.startswith("admin:")}
THEIRS: Final = {name: pattern for name, pattern in ADDRESSES if name.startswith("admin:") and name != "admin:"}
ROWS: Final = [line.replace("|", " ").split() for line in TABLE.strip().splitlines()]


def test_every_address_has_its_rows() -> None:
    """One that takes an object needs a row for an object that does not exist, beside those that do."""
    expected = {name: {"-"} for name in OURS}
    expected |= {name: {"own", "missing"} for name, pattern in OURS.items() if pattern.pattern.converters}
    of_a_subnet = ["network:subnet-check", "network:subnet-detail", "network:subnet-edit", "network:subnet-trail"]
    expected |= dict.fromkeys(of_a_subnet, {"subnet", "missing"})
    expected["dashboard:report-file"] = {"report", "missing"}
    expected["dashboard:sop-revision"] = {"sop", "missing"}
    expected["network:observation-check"] = {"observed", "missing"}
    expected["worktime:dismiss"] = {"proposal", "missing"}
    expected["accounts:absence-end"] = {"absence", "missing"}
    expected["tickets:notice-open"] = {"notice", "missing"}
    expected |= dict.fromkeys(["tickets:chat-remove", "tickets:chat-test"], {"chat", "missing"})
    expected |= {"tickets:document": {"paper", "missing"}, "tickets:verify": {"proof", "missing"}}
    expected |= dict.fromkeys([f"jobs:{name}" for name in ("detail", "progress", "cancel", "file")], {"job", "missing"})
    expected |= dict.fromkeys([f"tickets:view-{name}" for name in ("change", "delete", "default")], {"view", "missing"})
    expected["tickets:bulk-result"] = {"bulk", "missing"}
    expected |= dict.fromkeys(["dashboard:display-revoke", "dashboard:wall"], {"display", "missing"})
    pcs = {
        name for name, pattern in OURS.items() if name.startswith("tickets:") and "token" in pattern.pattern.converters
    }
    expected |= dict.fromkeys(pcs, {"pc", "missing"})
    items = ["tickets:equipment", "tickets:stock-receive", "tickets:stock-correct"]
    expected |= dict.fromkeys(items, {"item", "missing"})
    expected |= dict.fromkeys(["network:import-preview", "network:import-commit"], {"preview", "missing"})
    expected["network:import-example"] = {"form", "missing"}
    expected["tickets:attachment"] = {"own", "internal", "missing"}
    assert {name: {row[1] for row in ROWS if row[0] == name} for name in OURS} == expected


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0]} {row[1]}" for row in ROWS])
def test_an_address_answers_each_role_as_the_table_says(world: World, row: list[str]) -> None:
    name, kind, *codes = row
    address = address_of(name, OURS[name], world.objects[kind])
    asked = [(method, role) for method in ("GET", "POST") for role in ROLES]
    found = {(method, role): ask(world, role, method, address) for method, role in asked}
    assert found == dict(zip(asked, map(int, codes), strict=True))


@pytest.mark.parametrize(
    "kind",
    ["own", "subnet", "internal", "paper", "proposal", "absence", "notice", "chat", "job", "observed", "preview"],
)
def test_who_may_not_see_a_thing_cannot_tell_that_it_is_there(kind: str) -> None:
    rows = {(row[0], row[1]): row[2:] for row in ROWS}
    stranger = [ROLES.index("stranger") + offset for offset in (0, len(ROLES))]
    for name, found in rows:
        if found == kind:
            assert [rows[name, kind][at] for at in stranger] == [rows[name, "missing"][at] for at in stranger], name


@pytest.mark.parametrize("role", ["anonymous", "technician"])
def test_the_admin_site_opens_for_admins_alone(world: World, role: str) -> None:
    found = {name: ask(world, role, "GET", address_of(name, pattern, {})) for name, pattern in THEIRS.items()}
    assert {name for name, status in found.items() if status not in (302, 403, 404)} == set()


@pytest.mark.parametrize("page", ADMIN_SITE)
def test_the_admin_site_opens_for_an_admin_what_the_table_says(world: World, page: str) -> None:
    pages = {name: pattern for name, pattern in THEIRS.items() if name.endswith(f"_{page}")}
    opened = {name for name, pattern in pages.items() if _opens(world, address_of(name, pattern, {}), page)}
    assert {name.removeprefix("admin:").removesuffix(f"_{page}") for name in opened} == ADMIN_SITE[page]


def _opens(world: World, address: str, page: str) -> bool:
    """An object that is missing leads away where it may be deleted and is refused where nothing may."""
    return ask(world, "admin", "GET", address) in ({200, 302} if page == "delete" else {200})
