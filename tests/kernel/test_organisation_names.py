"""Organisations are told from people by how their names end."""

import pytest

from registry.kernel.organisation_names import is_organisation, is_two_organisations


@pytest.mark.parametrize(
    "text",
    [
        "北京甲乙房地产开发有限公司",
        "北京甲（集团）有限公司",
        "甲乙村村民委员会",
        "管庄乡人民政府",
        "朝阳区住房保障局",
        "甲乙小学",
        "甲乙合作社",
        "北京甲有限公司（清算组）",
        "幸福小区业委会",
    ],
)
def test_organisation(text: str) -> None:
    assert is_organisation(text)


@pytest.mark.parametrize(
    "text", ["张三", "李国局", "王大院", "欧阳公馆", "公司", "本公司", "阿卜杜拉·吐尔逊", "张企业"]
)
def test_person_or_nobody(text: str) -> None:
    assert not is_organisation(text)


def test_two_organisations_joined() -> None:
    assert is_two_organisations("甲乙有限公司和丙丁有限公司")
    assert not is_two_organisations("中和置业有限公司")
