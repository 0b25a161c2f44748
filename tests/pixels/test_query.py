"""Query strings whose names nest in brackets are read without guessing, and written."""

from __future__ import annotations

import pytest

from tcspec.errors import TcspecError, UnreadablePayload
from tcspec.jsontext.reader import Limits
from tcspec.pixels.query import Unsayable, read_query, write_query


def said(query):
    """Give what a query says."""
    return read_query(query).value


def refusal(query, **given):
    """Give the one violation for which a query is refused."""
    with pytest.raises(UnreadablePayload) as refused:
        read_query(query, **given)
    [violation] = refused.value.violations
    assert violation.pointer == ""
    return violation


class TestReading:
    """What a query says."""

    @pytest.mark.parametrize(
        ("query", "value"),
        [
            ("", {}),
            ("a=1", {"a": "1"}),
            ("a=1&b=2", {"a": "1", "b": "2"}),
            ("b=2&a=1", {"b": "2", "a": "1"}),
            ("&&a=1&&&b=2&", {"a": "1", "b": "2"}),
            ("a", {"a": ""}),
            ("a=", {"a": ""}),
            ("a&b", {"a": "", "b": ""}),
            ("a=b=c==", {"a": "b=c=="}),
            ("a=1.10", {"a": "1.10"}),
        ],
    )
    def test_parameters(self, query, value):
        """Parameters are set apart by `&`, name and value by the first `=`; an empty piece says nothing."""
        assert said(query) == value
        assert list(said(query)) == list(value)

    @pytest.mark.parametrize(
        ("query", "value"),
        [
            ("a=Ada%20Keller", {"a": "Ada Keller"}),
            ("a=Ada+Keller", {"a": "Ada Keller"}),
            ("a=1%2B1", {"a": "1+1"}),
            ("a=%C3%A9%e2%82%ac", {"a": "é€"}),
            ("a=é€", {"a": "é€"}),
            ("a+b=1", {"a b": "1"}),
            ("a%3Db%26=%3D%26", {"a=b&": "=&"}),
            ("a=%00%0A%22", {"a": '\x00\n"'}),
            ("a=%2525", {"a": "%25"}),
            ("a=[1]&b={x}", {"a": "[1]", "b": "{x}"}),
            ("a=/?:@", {"a": "/?:@"}),
        ],
    )
    def test_escapes(self, query, value):
        """Names and values are percent-decoded once, as UTF-8; `+` is a space; a bare bracket in a value is itself."""
        assert said(query) == value

    @pytest.mark.parametrize(
        ("query", "value"),
        [
            ("user[id]=c-1&user[email]=e", {"user": {"id": "c-1", "email": "e"}}),
            ("user%5Bid%5D=c-1&user%5bemail%5d=e&user[x%5D=2", {"user": {"id": "c-1", "email": "e", "x": "2"}}),
            ("a[b][c][d]=1&a[b][e]=2", {"a": {"b": {"c": {"d": "1"}, "e": "2"}}}),
            ("a[b]", {"a": {"b": ""}}),
            ("a[b]=1&c=2&a[d]=3", {"a": {"b": "1", "d": "3"}, "c": "2"}),
            ("a[ ]=1".replace(" ", "%20"), {"a": {" ": "1"}}),
            ("a.b=1", {"a.b": "1"}),
        ],
    )
    def test_objects(self, query, value):
        """Brackets name what is inside an object, encoded or not, and its parameters may stand apart."""
        assert said(query) == value

    @pytest.mark.parametrize(
        ("query", "value"),
        [
            ("a[]=1", {"a": ["1"]}),
            ("a[]=1&b=x&a[]=1&a[]", {"a": ["1", "1", ""], "b": "x"}),
            ("a[b][]=1&a[b][]=2", {"a": {"b": ["1", "2"]}}),
            ("a[0]=x&a[1]=y", {"a": ["x", "y"]}),
            ("a[1]=y&a[0]=x", {"a": ["x", "y"]}),
            ("a[0][id]=x&a[1][id]=y&a[0][n]=1", {"a": [{"id": "x", "n": "1"}, {"id": "y"}]}),
            ("a[0][]=x&a[0][]=y&a[1][]=z", {"a": [["x", "y"], ["z"]]}),
            ("a[0][0]=x", {"a": [["x"]]}),
            ("a[0]=x&a[1][b]=y", {"a": ["x", {"b": "y"}]}),
        ],
    )
    def test_lists(self, query, value):
        """Empty brackets append to a list; the indexes from 0 on make one, in their order."""
        assert said(query) == value

    @pytest.mark.parametrize(
        ("query", "value"),
        [
            ("a[1]=y", {"a": {"1": "y"}}),
            ("a[0]=x&a[2]=z", {"a": {"0": "x", "2": "z"}}),
            ("a[0]=x&a[01]=y", {"a": {"0": "x", "01": "y"}}),
            ("a[0]=x&a[b]=y", {"a": {"0": "x", "b": "y"}}),
            ("a[99999999999]=x", {"a": {"99999999999": "x"}}),
            ("0=x&1=y", {"0": "x", "1": "y"}),
        ],
    )
    def test_names_that_are_no_indexes(self, query, value):
        """Where an index is missing or spelt otherwise all are names, and nothing is lost; at the root always."""
        assert said(query) == value

    def test_inside_a_text(self):
        """A query is read where it stands in a text, and its places are those of the text."""
        read = read_query("go?a=1&b[c]=2#b=%", start=3, end=13)
        assert read.value == {"a": "1", "b": {"c": "2"}}
        assert dict(read.places) == {"": 3, "/a": 3, "/b": 7, "/b/c": 7}

    def test_shows_nothing(self):
        """What a query says may be personal: it is not shown by chance."""
        assert "Ada" not in repr(read_query("user[name]=Ada"))


class TestRefusing:
    """What cannot be read without guessing."""

    @pytest.mark.parametrize(
        ("query", "column", "says"),
        [
            ("a[b=1", 1, "brackets"),
            ("x=1&a]=1", 5, "brackets"),
            ("a[b]c=1", 1, "brackets"),
            ("a[b]]=1", 1, "brackets"),
            ("a[[b]]=1", 1, "brackets"),
            ("a[[]]=1", 1, "brackets"),
            ("[]=1", 1, "brackets"),
            ("[a]=1", 1, "brackets"),
            ("a%5Bb=1", 1, "brackets"),
            ("=1", 1, "no name"),
            ("a=1&=", 5, "no name"),
            ("a[][b]=1", 1, "before the end"),
            ("a[][]=1", 1, "before the end"),
            ("a=1&b=2&a=1", 9, '"a" is given twice'),
            ("a[b]=1&a%5Bb%5D=2", 8, '"a[b]" is given twice'),
            ("a[0]=1&a[0]=1", 8, '"a[0]" is given twice'),
            ("a&a", 3, "given twice"),
            ("a=1&a[b]=2", 5, '"a" is given with a value of its own and with brackets'),
            ("a[b]=2&a=1", 8, '"a" is given with a value of its own and with brackets'),
            ("a=1&a[]=2", 5, "value of its own"),
            ("a[]=2&a=1", 7, "value of its own"),
            ("a[b]=1&a[b][c]=2", 8, '"a[b]" is given with a value'),
            ("a[b][c][d]=1&a[b][c]=2", 14, '"a[b][c]" is given with a value'),
            ("a[]=1&a[0]=2", 7, '"a" is given with `[]`'),
            ("a[0]=1&a[]=2", 8, '"a" is given with `[]`'),
            ("a[]=1&a[b][c]=2", 7, '"a" is given with `[]`'),
            ("a[b]=1&a[]=2", 8, '"a" is given with `[]`'),
            ("a=%", 3, "%25"),
            ("a=100%&b=1", 6, "%25"),
            ("a=%4", 3, "%25"),
            ("a=%4g", 3, "%25"),
            ("%zz=1", 1, "%25"),
            ("a=b c", 4, "percent-encode"),
            ("a=b\tc", 4, "percent-encode"),
            ("a=1\nb=2", 4, "percent-encode"),
            ("a=\x7f", 3, "percent-encode"),
            ("a=1#b", 4, "percent-encode"),
        ],
    )
    def test_guesses(self, query, column, says):
        """What readers would take in different ways is refused at its place, and told with what to do."""
        violation = refusal(query)
        assert (violation.code, violation.line, violation.column) == ("TC012", 1, column)
        assert says in violation.message

    @pytest.mark.parametrize("query", ["x=1&a=%ff", "x=1&%C3=1", "x=1&a=%ED%A0%80", "x=1&a=%C3+%A9"])
    def test_not_utf8(self, query):
        """Escapes are those of UTF-8."""
        violation = refusal(query)
        assert (violation.code, violation.line, violation.column) == ("TC002", 1, 5)

    def test_half_a_surrogate_pair(self):
        """Half of a surrogate pair has no encoding."""
        assert refusal("a=\ud800").code == "TC005"

    def test_depth(self):
        """Levels of nesting are bounded, the root among them."""
        assert said("a" + "[b]" * 199)
        assert said("a" + "[b]" * 198 + "[]")
        assert refusal("x&a" + "[b]" * 200).code == "TC006"
        assert refusal("a[b][]", limits=Limits(depth=2)).code == "TC006"
        assert refusal("a" + "[" * 10**6).column == 1

    def test_length(self):
        """The length of the text is bounded, in bytes."""
        limits = Limits(length=4)
        assert read_query("a=é", limits).value == {"a": "é"}
        violation = refusal("a=éé", limits=limits)
        assert (violation.code, violation.line, violation.column) == ("TC007", 1, 1)

    def test_places_in_a_text(self):
        """Line and column are those of the text that holds the query."""
        violation = refusal("\n go?a=1&a=2", start=5)
        assert (violation.line, violation.column) == (2, 9)

    def test_values_are_not_shown(self):
        """A refusal names parameters and shows no value."""
        for query in ("a=Keller&a=Keller", "a[=Keller", "a=Keller%", "a=Keller&a[]=Keller", "a=Keller%ff", "=Keller"):
            assert "Keller" not in str(refusal(query))


class TestWriting:
    """How what can be said is written."""

    @pytest.mark.parametrize(
        ("value", "query"),
        [
            ({}, ""),
            ({"b": "2", "a": ""}, "b=2&a="),
            ({"a": "Ada Keller & Söhne/+%~_-."}, "a=Ada%20Keller%20%26%20S%C3%B6hne%2F%2B%25~_-."),
            ({"a b": {"c=d": "[]"}}, "a%20b[c%3Dd]=%5B%5D"),
            ({"a": ["x", "y"]}, "a[]=x&a[]=y"),
            ({"a": ("x", "y")}, "a[]=x&a[]=y"),
            ({"a": [{"b": "x"}, {"b": ["y"]}]}, "a[0][b]=x&a[1][b][]=y"),
            ({"a": [["x"], ["y", "z"]]}, "a[0][]=x&a[1][]=y&a[1][]=z"),
            ({"a": ["x", ["y"]]}, "a[0]=x&a[1][]=y"),
            ({"a": {"1": "x", "00": "y"}}, "a[1]=x&a[00]=y"),
            ({"0": "x"}, "0=x"),
        ],
    )
    def test_writing(self, value, query):
        """Brackets stay as they are, lists of texts are appended to, others have indexes, keys keep their order."""
        assert write_query(value) == query

    @pytest.mark.parametrize(
        ("value", "pointer", "reason"),
        [
            ({"a": None}, "/a", "null is no text"),
            ({"a": {"b": 1}}, "/a/b", "an integer is no text"),
            ({"a": [True]}, "/a/0", "a boolean is no text"),
            ({"a": ["x", None]}, "/a/1", "null is no text"),
            ({"a": {1, 2}}, "/a", "a Python set is no text"),
            ({"a": {}}, "/a", "an empty object"),
            ({"a": [[]]}, "/a/0", "an empty list"),
            ({"": "x"}, "", "a name is empty"),
            ({"a": {"": "x"}}, "/a", "a name is empty"),
            ({"a[b]": "x"}, "", "bracket"),
            ({"a": {"]": "x"}}, "/a", "bracket"),
            ({1: "x"}, "", "a name is an integer"),
            ({"a": {5: "x"}}, "/a", "a name is an integer"),
            ({"a": {"0": "x"}}, "/a", "read as a list"),
            ({"a": {"1": "y", "0": "x"}}, "/a", "read as a list"),
            ({"a": "\ud800"}, "/a", "surrogate"),
            ({"\ud800": "a"}, "", "surrogate"),
            (["x"], "", "an array is no object"),
        ],
    )
    def test_unsayable(self, value, pointer, reason):
        """What no query says is refused, with its place and the reason."""
        with pytest.raises(Unsayable, match=reason) as refused:
            write_query(value)
        assert refused.value.pointer == pointer
        assert isinstance(refused.value, TcspecError)
        assert f"a query cannot say what is at {pointer or 'the root'}: {refused.value.reason}" == str(refused.value)

    def test_depth(self):
        """What is nested deeper than queries are read is not written."""
        value = "x"
        for _ in range(199):
            value = {"a": value}
        assert said(write_query({"a": value})) == {"a": value}
        for _ in range(5000):
            value = [value]
        with pytest.raises(Unsayable, match="more than 200 levels"):
            write_query({"a": value})
        with pytest.raises(Unsayable, match="more than 1 levels"):
            write_query({"a": ["x"]}, Limits(depth=1))
