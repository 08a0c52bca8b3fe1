import pytest
from django.core.exceptions import ValidationError

from accounts.validators import validate_nip, validate_phone, validate_unit_code, validate_username


@pytest.mark.parametrize("nip", ["199003122014032001", "196512311990011001", "199902282024211001"])
def test_a_nip_that_begins_with_a_birth_date_is_taken(nip: str) -> None:
    validate_nip(nip)


@pytest.mark.parametrize(
    "nip",
    [
        "",
        "19900312201403200",  # one short
        "1990031220140320011",  # one more
        "199013122014032001",  # month 13
        "199002302014032001",  # 30 February
        "190003122014032001",  # 126 years old
        "202503122014032001",  # a child
        "000000000000000000",
        "19900312 201403200",
        "1990031220140320O1",  # a letter
        "１９９００３１２２０１４０３２００１",  # digits of another script
        "199003122014032001\n",
    ],
)
def test_any_other_nip_is_refused(nip: str) -> None:
    with pytest.raises(ValidationError):
        validate_nip(nip)


@pytest.mark.parametrize("name", ["rini", "rini.p", "R2-D2", "_x", "a+b"])
def test_plain_user_names_are_taken(name: str) -> None:
    validate_username(name)


@pytest.mark.parametrize("name", ["rini@example.com", "rini p", "", ".rini", "rini\n", "ŕini", "a\0b"])
def test_other_user_names_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        validate_username(name)


@pytest.mark.parametrize("phone", ["0812 3456 7890", "+62 812-3456-7890", "0736 21234", "1234"])
def test_telephone_numbers_are_taken(phone: str) -> None:
    validate_phone(phone)


@pytest.mark.parametrize("phone", ["abc", "0", "+", "0812<script>", "0812\n3456"])
def test_other_telephone_numbers_are_refused(phone: str) -> None:
    with pytest.raises(ValidationError):
        validate_phone(phone)


@pytest.mark.parametrize("code", ["", "17 00", "x" * 11, "1700\n"])
def test_unit_codes_are_short_and_plain(code: str) -> None:
    validate_unit_code("1700")
    with pytest.raises(ValidationError):
        validate_unit_code(code)
