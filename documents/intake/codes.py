"""The codes of files, rows and warnings: what each is called and, for files, what the sender is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True)
class Code:
    """One code: whether it refuses a file, a row, or only warns; its short name; what to say of a file."""

    code: str
    kind: Literal["file", "row", "warning"]
    label: str
    message: str = ""


FILE = (
    ("EMPTY_FILE", "文件是空的", "文件是空的。请确认已保存后再传。"),
    ("NOT_A_SPREADSHEET", "不是表格", "文件不是表格。请传 .xlsx 或 .csv 文件。"),
    ("CORRUPT", "文件损坏", "文件打不开或已损坏。请在 Excel/WPS 中打开、另存为 .xlsx 后再传。"),
    ("ENCRYPTED", "有打开密码", "文件设有打开密码，请取消密码后再传。"),
    ("MACRO", "含宏", "文件含有宏。请另存为不含宏的 .xlsx 后再传。"),
    ("OLD_XLS", "旧版 .xls", "这是旧版 .xls 文件。请在 Excel/WPS 中另存为 .xlsx 后再传。"),
    ("HTML_AS_XLS", "实为网页", "此文件实为网页，请在 Excel/WPS 中另存为 .xlsx。"),
    ("ZIP_BOMB", "解压后过大", "文件解压后过大（超过 400 MB），未作任何处理。"),
    ("TOO_MANY_ENTRIES", "内部文件过多", "文件内部条目过多（超过200个），请另存后再传。"),
    ("ZIP_OVERLAP", "结构异常", "文件结构异常，请另存后再传。"),
    ("ZIP_SLIP", "结构异常", "文件结构异常（含越界路径），请另存后再传。"),
    ("DUP_ENTRY", "结构异常", "文件结构异常（条目重复），请另存后再传。"),
    ("XML_ENTITY", "含外部实体", "文件含有不允许的 XML 声明，请在 Excel/WPS 中另存为 .xlsx 后再传。"),
    ("NO_SHEET", "没有工作表", "文件里没有可见的工作表。请取消隐藏后再传。"),
    ("NO_HEADER", "没有表头", "前15行里找不到清册的表头。请用模板的表头（楼栋、楼层、户号、规划用途等）。"),
    ("MISSING_COLUMN", "缺列", ""),
    ("DUP_COLUMN", "列重复", ""),
    ("NO_ROWS", "没有数据行", "表头下面没有数据行。"),
    ("TOO_MANY_ROWS", "行数过多", "数据超过50,000行。请按楼栋拆成几个文件。"),
    ("TOO_MANY_COLS", "列数过多", "列数超过100列。请删去多余的列后再传。"),
    ("ENCODING", "编码不认识", "文字编码认不出。请在 Excel/WPS 中另存为 .xlsx 或“CSV UTF-8”后再传。"),
    ("UNCLOSED_QUOTE", "引号没有成对", "CSV 里有引号没有成对。请用 Excel/WPS 打开检查，另存为 .xlsx 后再传。"),
    ("NUL_BYTE", "含空字符", "文件含有空字符，不是正常的文本。请另存为 .xlsx 后再传。"),
    ("AMBIGUOUS_SHEET", "几张表都像清册", ""),
    ("FOREIGN_PROJECT", "不是本项目", ""),
)
ROW = (
    ("ID_PRECISION_LOST", "证件号码末位丢失"),
    ("ID_FORMAT", "证件号码格式不对"),
    ("ID_CHECKSUM", "证件号校验不符"),
    ("ID_LENGTH", "证件号码位数不对"),
    ("UNITCODE_FORMAT", "不动产单元号格式不对"),
    ("UNITCODE_PRECISION_LOST", "不动产单元号末位丢失"),
    ("UNITCODE_DUP", "不动产单元号重复"),
    ("UNIT_DUP", "表内重复"),
    ("ROOM_IS_DATE", "户号变成日期"),
    ("FORMULA_NO_VALUE", "公式没有结果"),
    ("CELL_ERROR", "单元格有错误值"),
    ("AREA_FORMAT", "面积不是数"),
    ("AREA_RANGE", "面积超出范围"),
    ("REQUIRED", "必填未填"),
    ("USAGE_UNKNOWN", "不在可选词内"),
    ("PHONE_FORMAT", "电话格式不对"),
    ("CTRL_CHAR", "含控制字符"),
    ("TOO_LONG", "太长"),
    ("COL_COUNT", "列数与表头不符"),
    ("FLOOR_FORMAT", "楼层认不出"),
    ("FOREIGN_CHANGE", "已发证的户不能改"),
)
WARNING = (
    ("NORMALIZED", "写法已规整"),
    ("HIDDEN_ROWS", "有隐藏行，已一并读取"),
    ("HIDDEN_COLUMNS", "有隐藏列，已一并读取"),
    ("MERGED_FILLED", "合并单元格已向下填"),
    ("FORMULA_CACHED", "公式按已有结果读取"),
    ("TOTAL_ROW_SKIPPED", "合计行已跳过"),
    ("TITLE_ROWS_SKIPPED", "表头上面的标题行已跳过"),
    ("EXTRA_COLUMNS", "多出的列没有用"),
    ("STRIKETHROUGH", "有带删除线的行，已照常读取"),
    ("EXTRA_SHEETS", "其他工作表没有读"),
    ("OLD_ID15", "有15位旧证件号"),
    ("ONE_OWNER_MANY_UNITS", "同一人有多户"),
    ("CO_OWNERS", "有共有人"),
    ("FORMULA_LIKE_TEXT", "有像公式的文字，按文字保存"),
    ("LEADING_ZERO_SUSPECT", "户号可能丢了前面的0"),
    ("RARE_CHAR", "有生僻字，请核对"),
    ("BLANK_ROWS_SKIPPED", "空白行已跳过"),
    ("ALREADY_IMPORTED", "这份文件已导入过"),
    ("EXTERNAL_LINKS", "有外部链接，没有读取"),
    ("PATH_IGNORED", "文件名里的路径已去掉"),
)
CODES: Final[Mapping[str, Code]] = {
    **{code: Code(code, "file", label, message) for code, label, message in FILE},
    **{code: Code(code, "row", label) for code, label in ROW},
    **{code: Code(code, "warning", label) for code, label in WARNING},
}


class FileRefused(Exception):
    """The whole file is refused: its code, and what to tell the sender."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = message or CODES[code].message
