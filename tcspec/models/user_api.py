"""The user API: the body of the call that writes a user, and the parameters of every call, which are strings."""

from typing import Annotated, ClassVar

from pydantic_core import MISSING
from typing_extensions import TypeAliasType

from tcspec.models.constraints import Model
from tcspec.models.values import Custom, Digits, Info, SingleLine, Text, about, optional

SiteId = TypeAliasType(
    "SiteId", Annotated[Digits, about("Number of the site, in digits.", "3315"), Info(rows=("K114",))]
)
Token = TypeAliasType(
    "Token",
    Annotated[str, SingleLine(("^[a-zA-Z0-9]*$",)), about("Security token, in letters and digits.", "s3cr3tT0ken")],
)
UserId = Annotated[Text, about("Identifier of the user.", "C-1024"), Info(personal=True, rows=("K114",))]
FreeToken = Annotated[Text, about("Security token.", "s3cr3tT0ken")]


class Person(Model):
    """A person; any attribute of the workspace may be present.

    Source: features/sources/sources-catalog/import-crm-users/api-users.md
    """

    PERSONAL: ClassVar[bool] = True

    id: Annotated[Text, Info(rows=("K115",))] | MISSING = optional(
        "Identifier of the person, the same as in the query.", "C-1024"
    )
    card: Text | MISSING = optional("Number of the loyalty card.", "2900-17")
    email: Text | MISSING = optional("E-mail in plain text.", "ada@shop.example")
    gender: Annotated[Text, Info(rows=("K025",))] | MISSING = optional("Gender of the person.", "female")
    firstname: Text | MISSING = optional("First name of the person.", "Ada")
    lastname: Text | MISSING = optional("Last name of the person.", "Keller")
    custom: Custom | MISSING = optional(  # type: ignore[assignment]  # the vendor has a property of this name
        "Attributes under names chosen by the customer.", {"favourite_shop": "Lausanne"}
    )


class UserPut(Model):
    """The body of the call that writes a user.

    Source: features/sources/sources-catalog/import-crm-users/api-users.md
    """

    KIND: ClassVar[str | None] = "user"

    person: Person


class UserQuery(Model):
    """The parameters of the call that reads a user.

    Source: features/sources/sources-catalog/import-crm-users/api-users.md
    """

    site: SiteId
    user_id: UserId
    token: FreeToken


class UserPutQuery(UserQuery):
    """The parameters of the call that writes a user.

    Source: features/sources/sources-catalog/import-crm-users/api-users.md
    """


class UserDeletionQuery(Model):
    """The parameters of the call that deletes a user.

    Only here is the identifier documented as digits (K114).

    Source: features/sources/sources-catalog/import-crm-users/api-users.md
    """

    site: SiteId
    user_id: Annotated[UserId, about("Identifier of the user, in digits.", "1024"), Info(format="digits")]
    token: Token
    tc_id: Annotated[Digits, Info(personal=True)] | MISSING = optional(
        "Identifier of the visitor, in digits.", "20240610081320000042"
    )


class VisitorQuery(Model):
    """The parameters of the call with which a page reads the data of its visitor.

    Source: features/sources/sources-catalog/import-crm-users/api-users.md
    """

    site: SiteId
    token: Token
    tcid: Annotated[Text, Info(personal=True)] | MISSING = optional(
        "Identifier of the visitor; by default that of the cookie.", "20240610081320000042"
    )
    callback: Text | MISSING = optional("Name of the function that is called with the response.", "show_visitor")
