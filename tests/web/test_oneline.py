"""`{% oneline %}`: lines of a template that are one line on the page."""

import pytest
from django.template import Context, Engine, Template
from django.template.base import TextNode

from documents.render.pdf import render_html
from tests.documents.render import samples

SENTENCE = """<p>
  {% oneline %}
    未清{{ count }}。
    {% if count %}
      还有{{ count }}户要发证
    {% else %}
      可以清零
    {% endif %}
    {% for name in names %}
      {{ name }}
      {% if not forloop.last %}、{% endif %}
    {% empty %}
      没有
    {% endfor %}
    <b>已解决</b> 共　三处
  {% endoneline %}
</p>"""


@pytest.mark.parametrize(
    ("count", "names", "expected"),
    [
        (3, ["甲", "乙"], "<p>\n  未清3。还有3户要发证甲、乙<b>已解决</b> 共　三处\n</p>"),
        (0, [], "<p>\n  未清0。可以清零没有<b>已解决</b> 共　三处\n</p>"),
    ],
)
def test_breaks_of_the_template_are_no_blanks_on_the_page(count: int, names: list[str], expected: str) -> None:
    assert Template(SENTENCE).render(Context({"count": count, "names": names})) == expected


def test_a_break_between_attributes_is_a_blank() -> None:
    template = Template(
        """{% oneline %}
          <a
            class="nw"
            {% if to %}
              href="{{ to }}"
            {% endif %}
          >一</a>
          <b
            id="x"
          >二</b>
        {% endoneline %}"""
    )

    assert template.render(Context({"to": "/p"})) == '<a class="nw"  href="/p"  >一</a><b id="x" >二</b>'


def test_breaks_of_values_stay() -> None:
    template = Template("{% oneline %}\n  {{ text }}\n{% endoneline %}")

    assert template.render(Context({"text": "一\n二"})) == "一\n二"


def test_a_block_inside_may_be_filled_by_another_template() -> None:
    engine = Engine(
        builtins=["registry.web.templatetags.registry_tags"],
        loaders=[
            (
                "django.template.loaders.locmem.Loader",
                {
                    "frame": "{% oneline %}\n  一\n  {% block more %}{% endblock %}\n{% endoneline %}",
                    "page": "{% extends 'frame' %}{% block more %}二\n三{% endblock %}",
                },
            )
        ],
    )

    assert engine.get_template("page").render(Context()) == "一二\n三"


def test_lines_are_joined_once_when_the_template_is_read() -> None:
    template = Template(SENTENCE)
    joined = [text.s for text in template.nodelist.get_nodes_by_type(TextNode)]

    assert [text for text in joined if "\n" in text] == ["<p>\n  ", "\n</p>"]


def test_papers_know_the_tag() -> None:
    html = render_html("papers/kinds/commitment.html", samples.commitment())

    assert "。</span>位置：1、3、5号楼首层。措施：由开发单位组织拆除。完成时限：" in html
