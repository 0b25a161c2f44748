"""Query strings with nested names are parsed without guessing, and formatted."""

from __future__ import annotations

import pytest

from tcspec.errors import TcspecError, UnreadablePayload
from tcspec.jsontext.reader import Limits
from tcspec.pixels.query import Unsayable, read_query, write_query
from tcspec.pixels.query_tree import Offsets


def parse(query):
    """Return the value of a query."""
    return read_query(query).value


def error_of(query, **options):
    """Return the one violation of a query that cannot be read."""
    with pytest.raises(UnreadablePayload) as caught:
        read_query(query, **options)
    [violation] = caught.value.violations
    assert violation.pointer == ""
    return violation


class TestReading:
    """Parsing of queries."""

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
        """`&` separates parameters, the first `=` name and value; empty parameters are ignored."""
        assert parse(query) == value
        assert list(parse(query)) == list(value)

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
        """Names and values are percent-decoded once, as UTF-8; `+` is a space; brackets in a value are literal."""
        assert parse(query) == value

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
        """Brackets, encoded or not, contain the keys of an object, whose parameters need not be adjacent."""
        assert parse(query) == value

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
        """Empty brackets append to a list; the indexes from 0 on make a list in their order."""
        assert parse(query) == value

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
    def test_keys_that_are_not_indexes(self, query, value):
        """Indexes with a gap or with leading zeros are keys of an object, and so are those at the root."""
        assert parse(query) == value

    def test_inside_a_text(self):
        """A query may be part of a text, and its offsets are those in the text."""
        query = read_query("go?a=1&b[c]=2#b=%", start=3, end=13)
        assert query.value == {"a": "1", "b": {"c": "2"}}
        assert dict(Offsets(query.tree, 3)) == {"": 3, "/a": 3, "/b": 7, "/b/c": 7}

    def test_repr_has_no_values(self):
        """The repr of a query has no values, which may be personal data."""
        assert "Ada" not in repr(read_query("user[name]=Ada"))


class TestErrors:
    """Queries that cannot be parsed without guessing."""

    @pytest.mark.parametrize(
        ("query", "column", "message"),
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
            ("a[][b]=1", 1, "only at the end"),
            ("a[][]=1", 1, "only at the end"),
            ("a=1&b=2&a=1", 9, 'duplicate parameter "a"'),
            ("a[b]=1&a%5Bb%5D=2", 8, 'duplicate parameter "a[b]"'),
            ("a[0]=1&a[0]=1", 8, 'duplicate parameter "a[0]"'),
            ("a&a", 3, "duplicate parameter"),
            ("a=1&a[b]=2", 5, 'parameter "a" has a value, and a value in brackets'),
            ("a[b]=2&a=1", 8, 'parameter "a" has a value, and a value in brackets'),
            ("a=1&a[]=2", 5, "a value in brackets"),
            ("a[]=2&a=1", 7, "a value in brackets"),
            ("a[b]=1&a[b][c]=2", 8, 'parameter "a[b]" has a value'),
            ("a[b][c][d]=1&a[b][c]=2", 14, 'parameter "a[b][c]" has a value'),
            ("a[]=1&a[0]=2", 7, 'parameter "a" has `[]`'),
            ("a[0]=1&a[]=2", 8, 'parameter "a" has `[]`'),
            ("a[]=1&a[b][c]=2", 7, 'parameter "a" has `[]`'),
            ("a[b]=1&a[]=2", 8, 'parameter "a" has `[]`'),
            ("a=%", 3, "%25"),
            ("a=100%&b=1", 6, "%25"),
            ("a=%4", 3, "%25"),
            ("a=1&b=%%TERM%%", 7, "template"),
            ("a=%%random.id%%&b=%", 3, "template"),
            ("a=%%%", 3, "%25"),
            ("a=%4g", 3, "%25"),
            ("%zz=1", 1, "%25"),
            ("a=b c", 4, "percent-encoded"),
            ("a=b\tc", 4, "percent-encoded"),
            ("a=1\nb=2", 4, "percent-encoded"),
            ("a=\x7f", 3, "percent-encoded"),
            ("a=1#b", 4, "percent-encoded"),
        ],
    )
    def test_ambiguous_queries(self, query, column, message):
        """What parsers would read in different ways is an error with its column and what to write instead."""
        violation = error_of(query)
        assert (violation.code, violation.line, violation.column) == ("TC012", 1, column)
        assert message in violation.message

    @pytest.mark.parametrize("query", ["x=1&a=%ff", "x=1&%C3=1", "x=1&a=%ED%A0%80", "x=1&a=%C3+%A9"])
    def test_not_utf8(self, query):
        """Percent-encoded bytes are UTF-8."""
        violation = error_of(query)
        assert (violation.code, violation.line, violation.column) == ("TC002", 1, 5)

    def test_lone_surrogates(self):
        """A lone surrogate has no encoding."""
        assert error_of("a=\ud800").code == "TC005"

    def test_depth(self):
        """The depth of nesting is limited, and includes the root."""
        assert parse("a" + "[b]" * 199)
        assert parse("a" + "[b]" * 198 + "[]")
        assert error_of("x&a" + "[b]" * 200).code == "TC006"
        assert error_of("a[b][]", limits=Limits(depth=2)).code == "TC006"
        assert error_of("a" + "[" * 10**6).column == 1

    def test_length(self):
        """The length of the text in bytes is limited."""
        limits = Limits(length=4)
        assert read_query("a=é", limits).value == {"a": "é"}
        violation = error_of("a=éé", limits=limits)
        assert (violation.code, violation.line, violation.column) == ("TC007", 1, 1)

    def test_lines_and_columns(self):
        """Line and column are those in the text that contains the query."""
        violation = error_of("\n go?a=1&a=2", start=5)
        assert (violation.line, violation.column) == (2, 9)

    def test_messages_have_no_values(self):
        """A message names the parameter and contains no value."""
        for query in ("a=Keller&a=Keller", "a[=Keller", "a=Keller%", "a=Keller&a[]=Keller", "a=Keller%ff", "=Keller"):
            assert "Keller" not in str(error_of(query))


class TestWriting:
    """Formatting of queries."""

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
        """Brackets are literal, lists of strings use `[]` and others indexes, keys keep their order."""
        assert write_query(value) == query

    @pytest.mark.parametrize(
        ("value", "pointer", "reason"),
        [
            ({"a": None}, "/a", "expected a string, got null"),
            ({"a": {"b": 1}}, "/a/b", "expected a string, got an integer"),
            ({"a": [True]}, "/a/0", "expected a string, got a boolean"),
            ({"a": ["x", None]}, "/a/1", "expected a string, got null"),
            ({"a": {1, 2}}, "/a", "expected a string, got a Python set"),
            ({"a": {}}, "/a", "an empty object"),
            ({"a": [[]]}, "/a/0", "an empty array"),
            ({"": "x"}, "", "a key is empty"),
            ({"a": {"": "x"}}, "/a", "a key is empty"),
            ({"a[b]": "x"}, "", "bracket"),
            ({"a": {"]": "x"}}, "/a", "bracket"),
            ({1: "x"}, "", "expected a string as key, got an integer"),
            ({"a": {5: "x"}}, "/a", "expected a string as key, got an integer"),
            ({"a": {"0": "x"}}, "/a", "read as an array"),
            ({"a": {"1": "y", "0": "x"}}, "/a", "read as an array"),
            ({"a": "\ud800"}, "/a", "surrogate"),
            ({"\ud800": "a"}, "", "surrogate"),
            (["x"], "", "expected an object, got an array"),
        ],
    )
    def test_unsayable(self, value, pointer, reason):
        """A value without a representation is an error with its pointer and the reason."""
        with pytest.raises(Unsayable, match=reason) as caught:
            write_query(value)
        assert caught.value.pointer == pointer
        assert isinstance(caught.value, TcspecError)
        place = pointer or "the root"
        assert str(caught.value) == f"a query string cannot represent the value at {place}: {caught.value.reason}"

    def test_depth(self):
        """A value that is nested deeper than queries are read is an error."""
        value = "x"
        for _ in range(199):
            value = {"a": value}
        assert parse(write_query({"a": value})) == {"a": value}
        for _ in range(5000):
            value = [value]
        with pytest.raises(Unsayable, match="maximum depth of 200 levels"):
            write_query({"a": value})
