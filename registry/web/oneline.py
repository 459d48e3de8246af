"""`{% oneline %}`: a sentence set over several lines of a template, and one line on the page."""

import re
from typing import cast

from django.template.base import Node, NodeList, Parser, TextNode, Token
from django.template.context import Context
from django.utils.safestring import SafeString

BREAK = re.compile(r"[<>]|[ \t]*\n[ \t\n]*")


class Oneline(Node):
    """Render what stands inside as if the template had no line breaks there."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self._is_in_tag = False
        for text in cast("list[TextNode]", nodelist.get_nodes_by_type(TextNode)):
            text.s = BREAK.sub(self._join, text.s)

    def _join(self, match: re.Match[str]) -> str:
        """Drop a break; between the attributes of a tag it is a blank."""
        if match[0] in "<>":
            self._is_in_tag = match[0] == "<"
            return match[0]
        return " " if self._is_in_tag else ""

    def render(self, context: Context) -> SafeString:
        """Render what stands inside."""
        return self.nodelist.render(context)


def oneline(parser: Parser, token: Token) -> Oneline:
    """Take the line breaks of the template, with the indentation after them, out of what stands inside.

    Between inline elements and between Chinese words a break is a blank on the page; this way a sentence made of
    pieces may have a line for each. A tag may still have a line for each attribute. Done once, when the template is
    read. What an include prints is left as it is.
    """
    nodelist = parser.parse(("endoneline",))
    parser.delete_first_token()
    return Oneline(nodelist)
