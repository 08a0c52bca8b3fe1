"""What a ticket leaves on paper: named by the kind of its events, made beside the requests, filed for ever."""

from tickets.documents.content import letterhead
from tickets.documents.filing import file_pending, new_code, written_code
from tickets.documents.genuine import FINDERS, Genuine, genuine

__all__ = ["FINDERS", "Genuine", "file_pending", "genuine", "letterhead", "new_code", "written_code"]
