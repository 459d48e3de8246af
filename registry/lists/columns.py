"""What the columns of several lists share. The process that reads files imports this module: it knows no Django."""

from typing import Final

from registry.kernel.columns import Choice, Column

PROJECT: Final = Column("project", "项目编号", kind="code", width=12, required=True, synonyms=("项目代码", "项目编码"))
USES: Final = (
    Choice(
        "dwelling", "住宅",
        ("成套住宅", "普通住宅", "居住", "居住用房", "住宅用房", "别墅", "公寓住宅", "城镇住宅", "商品住宅", "住宅楼"),
    ),
    Choice(
        "retail", "商业",
        ("底商", "商铺", "店铺", "商业用房", "商业服务", "商服", "门市", "营业用房", "商业网点", "门面", "门面房", "门市房", "网点",
         "商用", "商业用途", "商铺用房", "底商用房"),
    ),
    Choice("ancillary", "配套", ("配套用房", "公建配套", "公建", "配套公建", "配套设施", "物业用房", "公共服务设施")),
    Choice("parking", "车位", ("车库", "停车位", "地下车位", "地下车库", "机动车位", "机动车库")),
    Choice("storage", "储藏", ("储藏室", "地下室", "仓储", "储藏间", "储物间", "仓库", "小房")),
)  # fmt: skip
LONGEST: Final = 500  # of a cell for which no limit is said
