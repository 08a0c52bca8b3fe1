import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from pytest_django import DjangoAssertNumQueries

from accounts import roles
from accounts.adapter import Backend
from accounts.models import User
from tests.factories import Cast, UserFactory

pytestmark = pytest.mark.django_db

IMPORT = "accounts.import_users"


def _import_permission() -> Permission:
    return Permission.objects.get(codename="import_users")


def test_the_four_roles_are_groups() -> None:
    assert set(roles.ROLES) <= set(Group.objects.values_list("name", flat=True))


def test_everyone_is_an_employee() -> None:
    assert UserFactory().roles == [roles.EMPLOYEE]
    assert User.objects.create_user("baru", full_name="Baru").roles == [roles.EMPLOYEE]


def test_saving_again_does_not_give_back_a_role_that_was_taken() -> None:
    user = UserFactory()
    user.groups.clear()
    user.save()
    assert user.roles == []


def test_roles_add_up() -> None:
    user = UserFactory(roles.TECHNICIAN, roles.SUPERVISOR)
    assert user.roles == [roles.EMPLOYEE, roles.TECHNICIAN, roles.SUPERVISOR]


def test_setting_roles_takes_away_the_others_but_never_the_employee() -> None:
    user = UserFactory(roles.TECHNICIAN)
    user.set_roles([roles.SUPERVISOR])
    assert user.roles == [roles.EMPLOYEE, roles.SUPERVISOR]


def test_setting_roles_leaves_groups_of_the_office_alone() -> None:
    user = UserFactory()
    own = Group.objects.create(name="Panitia")
    user.groups.add(own)
    user.set_roles([roles.TECHNICIAN])
    assert own in user.groups.all()


def test_an_admin_may_open_the_admin_site_and_loses_that_with_the_role() -> None:
    user = UserFactory(roles.ADMIN)
    assert user.is_staff
    user.set_roles([])
    assert not user.is_staff


def test_only_admins_may_import_employees(cast: Cast) -> None:
    may = [person.username for person in vars(cast).values() if person.has_perm(IMPORT)]
    assert may == [cast.admin.username]


def test_nobody_may_delete_a_user(cast: Cast) -> None:
    assert not cast.admin.has_perm("accounts.delete_user")


def test_holding_finds_by_group_and_by_direct_grant() -> None:
    by_group, direct, neither = UserFactory(roles.ADMIN), UserFactory(), UserFactory()
    direct.user_permissions.add(_import_permission())
    assert set(User.objects.holding(IMPORT)) == {by_group, direct}
    assert neither not in User.objects.holding(IMPORT)


def test_holding_finds_somebody_with_both_grants_once() -> None:
    user = UserFactory(roles.ADMIN)
    user.user_permissions.add(_import_permission())
    assert list(User.objects.holding(IMPORT)) == [user]


def test_holding_leaves_out_the_inactive() -> None:
    UserFactory(roles.ADMIN, is_active=False)
    assert not User.objects.holding(IMPORT).exists()


def test_holding_leaves_out_a_superuser_who_was_not_granted_it() -> None:
    UserFactory(is_superuser=True)
    assert not User.objects.holding(IMPORT).exists()


def test_granting_makes_missing_groups_and_can_run_twice() -> None:
    for _round in range(2):
        roles.grant(apps, "accounts", {"Magang": ["view_unit"]})
    assert [p.codename for p in Group.objects.get(name="Magang").permissions.all()] == ["view_unit"]


def test_granting_an_unknown_permission_fails_loudly() -> None:
    with pytest.raises(Permission.DoesNotExist):
        roles.grant(apps, "accounts", {roles.ADMIN: ["fly"]})


def test_a_person_comes_with_the_permissions_that_django_would_find() -> None:
    people = [UserFactory(*names) for names in ((), (roles.ADMIN,), (roles.TECHNICIAN, roles.SUPERVISOR))]
    people[0].user_permissions.add(_import_permission())
    people.append(UserFactory(roles.ADMIN, is_active=False))
    people.append(UserFactory(is_superuser=True))
    for person in people:
        django = User.objects.get(pk=person.pk)
        read = User.objects.with_permissions().get(pk=person.pk)
        assert read.get_all_permissions() == django.get_all_permissions()
        assert read.has_perm(IMPORT) == django.has_perm(IMPORT)
    assert User.objects.with_permissions().get(pk=people[0].pk).has_perm(IMPORT)


def test_permissions_that_came_with_a_person_are_not_asked_for_again(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    pk = UserFactory(roles.ADMIN).pk
    known = Backend().get_user(pk)
    assert known is not None
    known.get_all_permissions()  # a process reads the names of all permissions once
    with django_assert_num_queries(1):
        person = Backend().get_user(pk)
        assert person is not None
        assert person.has_perm(IMPORT)
        assert not person.has_perm("tickets.work_ticket")


def test_a_permission_that_is_newer_than_the_process_is_held_too() -> None:
    person = UserFactory(roles.ADMIN)
    known = Backend().get_user(person.pk)
    assert known is not None
    assert not known.has_perm("accounts.fly")
    kind = _import_permission().content_type
    person.user_permissions.add(Permission.objects.create(codename="fly", name="Fly", content_type=kind))
    later = Backend().get_user(person.pk)
    assert later is not None
    assert later.has_perm("accounts.fly")
