"""What is the same on every page is worked out once: texts, addresses, icons and whole parts that hang on nothing.

A template builtin (see `house`) behind Django's own `translate`, `url` and `static`, in whose place it stands
where they are given literals alone: their answer then hangs on the language, or on nothing, while a process lives.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.template.library import SimpleNode
from django.template.loader import render_to_string
from django.templatetags.i18n import TranslateNode, do_translate
from django.templatetags.static import StaticNode, do_static
from django.urls import get_urlconf
from django.utils.translation import get_language

from halocik.templatetags import ui

register = template.Library()

_NOTHING: Final = Context()
#: Of one `pure` part; beyond them it begins anew.
MOST_ANSWERS: Final = 1_000


class Once(Node):
    """Renders `inner` once for each `key` and keeps the answer; under the name `asvar` where it has one."""

    child_nodelists = ("nodelist",)

    def __init__(self, inner: Node | NodeList, key: Callable[[], Hashable], asvar: str | None = None) -> None:
        self.inner, self.key, self.asvar = inner, key, asvar
        self.nodelist = inner if isinstance(inner, NodeList) else NodeList([inner])
        self.answers: dict[Hashable, Any] = {}

    def render_annotated(self, context: Context) -> str:
        return self.render(context)  # without what Django does here for its debug page

    def render(self, context: Context) -> str:
        key = self.key()
        if key not in self.answers:
            self.answers[key] = self._answer()
        if self.asvar is None:
            answer: str = self.answers[key]
            return answer
        context[self.asvar] = self.answers[key]
        return ""

    def _answer(self) -> Any:
        nothing = _NOTHING.new()
        nothing.template = template.Template("")
        with nothing.render_context.push_state(nothing.template):
            rendered = self.inner.render(nothing)
        return rendered if self.asvar is None else nothing[self.asvar]


def _is_literal(expression: Any) -> bool:
    is_expression = isinstance(expression, FilterExpression) and not expression.filters
    return is_expression and isinstance(getattr(expression.var, "literal", expression.var), str)


@register.tag
def translate(parser: Parser, token: Token) -> Node:
    node = do_translate(parser, token)
    assert isinstance(node, TranslateNode)
    if not _is_literal(node.filter_expression) or (node.message_context and not _is_literal(node.message_context)):
        return node
    return Once(node, get_language, node.asvar)


@register.tag
def url(parser: Parser, token: Token) -> Node:
    node = django_url(parser, token)
    assert isinstance(node, URLNode)
    if node.args or node.kwargs or not _is_literal(node.view_name):
        return node
    return Once(node, get_urlconf, node.asvar)


@register.tag
def static(parser: Parser, token: Token) -> Node:
    node = do_static(parser, token)
    assert isinstance(node, StaticNode)
    return node if node.varname or not _is_literal(node.path) else Once(node, _always)


@register.tag
def icon(parser: Parser, token: Token) -> Node:
    node = ui.register.tags["icon"](parser, token)
    assert isinstance(node, SimpleNode)
    is_constant = node.target_var is None and all(map(_is_literal, [*node.args, *node.kwargs.values()]))
    return Once(node, _always) if is_constant else node


@register.tag
def constant(parser: Parser, token: Token) -> Node:
    """{% constant %} … {% endconstant %}: a part that hangs on the language alone; it sees nothing of the page."""
    nodes = parser.parse(("endconstant",))
    parser.delete_first_token()
    return Once(nodes, get_language)


@register.tag
def pure(parser: Parser, token: Token) -> Node:
    """{% pure "a/template.html" name=value … %}: `include … only`, remembered by the values and the language.

    The template sees nothing but the values, which are texts, numbers and yes or no, so it can say nothing else.
    """
    _tag, name, *bits = token.split_contents()
    values = token_kwargs(bits, parser)
    if bits:
        raise template.TemplateSyntaxError("pure takes a template's name in quotes, then name=value")
    return _Pure(name.strip("\"'"), values)


class _Pure(Node):
    def __init__(self, name: str, values: dict[str, FilterExpression]) -> None:
        self.name, self.values = name, values
        self.answers: dict[Hashable, str] = {}

    def render_annotated(self, context: Context) -> str:
        return self.render(context)  # without what Django does here for its debug page

    def render(self, context: Context) -> str:
        given = tuple([value.resolve(context) for value in self.values.values()])
        key = (get_language(), given)
        if key not in self.answers:
            if len(self.answers) >= MOST_ANSWERS:
                self.answers.clear()
            self.answers[key] = render_to_string(self.name, dict(zip(self.values, given, strict=True)))
        return self.answers[key]


def _always() -> None:
    return None
