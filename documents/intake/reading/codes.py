"""The codes of files, rows and warnings: what each is called, what the sender is told, and how to mend it.

A row's message follows 第 n 行“列”; the words in braces are filled in where the rule is broken.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from registry.lists.rows import TOGETHER

Kind = Literal["file", "row", "warning"]


@dataclass(frozen=True)
class IntakeCode:
    """One code: whether it refuses a file, a row, or only warns; its short name; what to say."""

    code: str
    kind: Kind
    label: str
    template: str

    def message(self, **parts: object) -> str:
        """Return the message with its words filled in."""
        return self.template.format(**parts)


FILE: Final = (
    ("EMPTY_FILE", "文件是空的", "文件是空的。请确认已保存后重新上传。"),
    ("NOT_A_SPREADSHEET", "不是表格", "文件不是表格。请传 .xlsx 或 .csv 文件。"),
    ("CORRUPT", "文件损坏", "文件打不开或已损坏。请在Excel/WPS 中打开、另存为 .xlsx 后重新上传。"),
    ("OUR_FAULT", "系统出错", "检查时系统出错，不是文件的问题，没有写入任何内容。请把编号 {number} 告诉系统管理员。"),
    ("ENCRYPTED", "有打开密码", "文件设有打开密码。请取消密码后上传。"),
    ("MACRO", "含宏", "文件含有宏。请另存为不含宏的 .xlsx 后重新上传。"),
    ("OLD_XLS", "旧版 .xls", "这是旧版 .xls 文件。请在Excel/WPS 中另存为 .xlsx 后重新上传。"),
    ("HTML_AS_XLS", "实为网页", "此文件实为网页，请在Excel/WPS 中另存为 .xlsx。"),
    ("ZIP_BOMB", "解压后过大", "文件解压后过大（超过 400 MB），未作任何处理。请另存后重新上传，或按楼栋拆成几个文件。"),
    ("TOO_MANY_ENTRIES", "内部文件过多", "文件内部条目过多（超过200个）。请删去图片、附件，另存后重新上传。"),
    ("ZIP_OVERLAP", "结构异常", "文件结构异常，请另存后重新上传。"),
    ("ZIP_SLIP", "结构异常", "文件结构异常（含越界路径），请另存后重新上传。"),
    ("DUP_ENTRY", "结构异常", "文件结构异常（条目重复），请另存后重新上传。"),
    ("XML_ENTITY", "含外部实体", "文件含有不允许的 XML 声明。请在Excel/WPS 中另存为 .xlsx 后重新上传。"),
    ("NO_SHEET", "没有工作表", "文件里没有可见的工作表。请取消隐藏后重新上传。"),
    ("NO_HEADER", "没有表头", "前15行未找到房屋清册表头。请用模板的表头（项目编号、楼栋、楼层、户号、规划用途等）。"),
    (
        "HIDDEN_SHEET",
        "清单在隐藏的工作表里",
        "看得见的工作表里没有清单，隐藏的工作表{sheets}里有。请取消隐藏后重新上传。",
    ),
    (
        "OWN_PAGE",
        "是本系统导出的页面",
        "这是本系统导出的页面（编号{number}），不是清单，不能导回。要成批改的，请到清单页下载“导出已有”，更正后重新上传。",
    ),
    ("MISSING_COLUMN", "缺列", "缺少列：{columns}。请按模板的表头补上后重新上传。"),
    ("DUP_COLUMN", "列重复", "表头“{columns}”出现了不止一次。请只留一列后重新上传。"),
    (
        "OTHER_TABLE",
        "一张工作表里有几张表",
        "第 {row} 行是另一张表的表头，各列与第 {header} 行的表头不同，整份未导入。请把几张表分成几个文件上传，或按同样的列接在一起。",
    ),
    ("NO_ROWS", "没有数据行", "表头下面没有数据行。请填好后重新上传。"),
    ("TOO_MANY_ROWS", "行数过多", "数据超过120,000行。请按区或项目拆成几个文件。"),
    ("TOO_MANY_COLS", "列数过多", "列数超过100列。请删去多余的列后重新上传。"),
    ("ENCODING", "编码不认识", "文字编码无法识别{lines}。请在Excel/WPS 中另存为 .xlsx 或“CSV UTF-8”后重新上传。"),
    ("UNCLOSED_QUOTE", "引号没有成对", "第 {row} 行起引号没有成对。请用Excel/WPS 打开检查，另存为 .xlsx 后重新上传。"),
    ("NUL_BYTE", "含空字符", "文件含有空字符，不是正常的文本。请另存为 .xlsx 后重新上传。"),
    (
        "AMBIGUOUS_SHEET",
        "几张表都像清册",
        "有{count}个工作表均符合房屋清册格式：{sheets}。请仅保留一个，或隐藏其他工作表后上传。",
    ),
    (
        "FOREIGN_PROJECT",
        "不是本项目",
        "第 {rows} 行的项目编号不是本项目（{project}），整份未导入。请删去这些行，或到所属项目下导入。",
    ),
)
ROW: Final = (
    (
        "ID_PRECISION_LOST",
        "证件号码末位丢失",
        "在Excel中是数值，末位已丢失，无法恢复。请将该列设为“文本”后重新录入。",
    ),
    (
        "ID_NUMERIC",
        "证件号码是数值",
        "在Excel中是数值（{digits}位，末位没有丢失，前面的0可能丢失）。请将该列设为“文本”后对照证件录入。",
    ),
    ("ID_FORMAT", "证件号码格式不对", "写法不对。请对照证件重新填写。"),
    ("ID_CHECKSUM", "证件号校验不符", "校验位不符，通常是错了一位。请对照证件逐位核对。"),
    ("ID_LENGTH", "证件号码位数不对", "位数不对。请对照证件补全或改正。"),
    ("UNITCODE_FORMAT", "不动产单元号格式不对", "写法不对，应为28位。请对照权籍调查成果改正。"),
    (
        "UNITCODE_PRECISION_LOST",
        "不动产单元号末位丢失",
        "在Excel中是数值，末位已丢失，无法恢复。请将该列设为“文本”后重新录入。",
    ),
    ("UNITCODE_DUP", "不动产单元号重复", "与第 {first} 行的另一户相同。请核对，一户一号。"),
    ("UNIT_DUP", "表内重复", "与第 {first} 行是同一户（{place}），{why}。{mend}"),
    ("MERGED_OVER", "几户合并了一格", "与第 {rows} 行合并成一格，看不出是不是这几户都是。请取消合并，逐户填写。"),
    ("ID_TWICE", "两人同一证件号码", "有两位权利人填了同一个号码。请对照证件改正。"),
    ("ROOM_IS_DATE", "户号变成日期", "被Excel当作日期，请将该列设为文本后重填。"),
    ("FORMULA_NO_VALUE", "公式无计算结果", "为公式且无计算结果，请在Excel中打开并保存一次，或改成数值。"),
    ("CELL_ERROR", "单元格有错误值", "是错误值{value}。请改正后重填。"),
    ("AREA_FORMAT", "面积不是数", "“{value}”不是数。请填建筑面积，单位平方米，两位小数，如 76.00。"),
    ("AREA_RANGE", "面积超出范围", "{value}超出范围，应大于0、不超过{limit}平方米。请核对小数点和单位后改正。"),
    ("AREA_DECIMALS", "面积超过两位小数", "“{value}”超过两位小数，不作四舍五入。请按测绘成果填两位小数。"),
    ("REQUIRED", "必填未填", "未填写。请补上。"),
    ("KIND", "填的是“是/否”", "“{value}”是对错，不是这一列要填的内容。请改正，并把该列设为文本。"),
    ("DITTO", "同上不能用在这一列", "“{value}”不能用在这一列。请填写本行的内容。"),
    ("DITTO_FIRST", "上面没有可同的行", "写的是“{value}”，上面却没有一行。请填写本行的内容。"),
    ("CLEAR_WORD", "清空未填写全", "“{value}”看不出是不是要清空。要清空这一格，请填“【清空】”；不改的请留空。"),
    ("CLEAR_NOT", "这一列不能清空", "不能清空。要改的请填写新的内容，不改的请留空。"),
    ("CLEAR_WHOM", "清空对象不明", "无法判断所指的权利人，未清空。请按台账写全权利人。"),
    ("NAME_SEVERAL", "看不出是几个人", "看不出是一个人还是几个人。请用“、”隔开，或照证件写。"),
    ("NAME_OTHERS", "没有写明其余的人", "没有写明其余的权利人。请写出每位的姓名，用“、”隔开。"),
    ("NAME_WHO", "没有写明是谁", "没有写明是谁。请填写证件上的姓名。"),
    ("NAME_BRACKETS", "括号里的内容不明", "括号内所指的人和身份不明。请写明，或写进备注。"),
    ("NAME_SHARES", "份额不成立", "份额合计不为1，或有的人未填写。请核对。"),
    ("NAME_DITTO", "权利人写了同上", "同上不能表示权利人。请填写姓名。"),
    ("NAME_KIND", "姓名写的是“是/否”", "不是姓名。请填写证件上的姓名。"),
    ("NAME_MASKED", "姓名是掩码", "姓名是掩码（如张*），不能当作姓名写入。请填证件上的姓名，或整格留空表示不变。"),
    ("ID_MASKED", "证件号码是掩码", "是掩码，与台账这一户的权利人不一致。请填证件上的号码，或整格留空表示不变。"),
    ("PHONE_MASKED", "电话是掩码", "是掩码，与台账这一户的权利人不一致。请填完整的电话，或整格留空表示不变。"),
    ("NAME_ONE", "一格写了几个人", "写了几个人。一行只填一个人，请分行填写。"),
    ("NAME_DIGITS", "姓名里有数字", "姓名里有数字。请只填证件上的姓名。"),
    ("NAME_SIGNS", "姓名里有不明符号", "有姓名中没有的符号。请填写证件上的姓名。"),
    ("NAME_TWICE", "一人写了两次", "同一姓名写了两次。请核对。"),
    (
        "ORGANISATION_ID",
        "单位没有用信用代码",
        "权利人是单位，证件应为统一社会信用代码。请将证件类型改为“统一社会信用代码”，并填18位代码。",
    ),
    ("PLACE_CONTRADICTS", "楼栋、单元、户号矛盾", "与同一行的楼栋、单元、楼层不一致。请核对。"),
    ("PLACE_AMBIGUOUS", "户号有两种读法", "有两种读法。请把单元填到单元号一列，户号只填室号。"),
    ("PLACE_KIND", "编号写的是“是/否”", "不是编号。请填写现场的编号，并把该列设为文本。"),
    ("BUILDING_PAIR", "楼栋像日期", "像日期，也像楼号带单元。请写明楼栋。"),
    ("ROOM_SEVERAL", "一行写了几户", "像是几户。一行只填一户，请分行填写。"),
    (
        "NEW_BUILDING",
        "项目没有这栋楼",
        "将新建楼栋：{building}（项目现有{known}）。写错的请改正；确是新楼栋的，请勾选“新建{building}”后写入。",
    ),
    (
        "UNITCODE_ELSEWHERE",
        "不动产单元号不是本市的",
        "前四位是{found}，本项目在{expected}。请核对是不是别的城市的单元号。",
    ),
    ("ENTRANCE_MISSING", "未填写单元号", "未填写单元号，台账里这个户号有几户。请填单元号。"),
    ("ROOM_ZEROS", "户号只差前面的0", "与台账的户号只差前面的0。请照台账的户号填写。"),
    ("FLOOR_OTHER", "楼层与台账不同", "台账里这个户号在另一层。请核对楼层。"),
    ("SPELLED_TWICE", "台账里有两户是这一户", "台账里有{count}户都是这一户的写法。请先合并重复的户再导入。"),
    ("USAGE_UNKNOWN", "规划用途不在可选词内", "不在可选范围内。请从模板的列表里选。"),
    ("PHONE_FORMAT", "电话格式不对", "写法不对。请填11位手机号，或带区号的座机。"),
    ("CTRL_CHAR", "含控制字符", "含有看不见的控制字符。请清空该格后用键盘重新录入。"),
    ("TOO_LONG", "太长", "超过{limit}个字。请缩短。"),
    ("COL_COUNT", "列数与表头不符", "所在行有{found}列，表头是{expected}列。请检查是否多了或少了分隔符、引号。"),
    ("FLOOR_FORMAT", "楼层无法识别", "无法识别。请写成 5、-1、1夹 或 5-6 这样的名义层。"),
    (
        "NAME_AMBIGUOUS",
        "户名对应多户",
        "按户名对应{count}户：{units}。请改填台账的单元、楼层、户号，或填不动产单元号。",
    ),
    ("DATE_FORMAT", "不是日期", "“{value}”不是日期。请写成 2022-03-07。"),
    ("DATE_YEAR", "年份不对", "年份应为四位，且在1949年至2099年之间。请核对年份。"),
    ("DATE_BOUND", "日期超出范围", "超出范围。请填写实际发生的日期。"),
    ("DATE_NO_DAY", "未填写到日", "未填写到日。请补上日，写成 2022-03-07。"),
    ("DATE_ORDER", "看不出月和日", "无法判断月和日。请按年、月、日的顺序写成 2022-03-07。"),
    ("DATE_CLOCK", "日期带有钟点", "带有钟点，无法判断所指日期。请只写日期。"),
    ("CHOICE_UNKNOWN", "填写的词不在可选词内", "不在可选范围内。请从模板的列表里选。"),
    ("NOT_FOUND", "台账中无此项", "台账中无此项。请核对。"),
    ("PROJECT_UNKNOWN", "没有这个项目", "没有项目“{project}”，或不在您的范围内。请核对项目编号。"),
    ("CONTRADICTORY", "与台账不一致", "与台账不一致。请核对所指的户。"),
    ("ROWS_CONTRADICT", "两行互相矛盾", "与另一行说的是同一项，内容却不一样，都不写入。请核对后只留正确的一行。"),
    ("ROW_TWICE", "重复的行", "与另一行说的是同一项。请只留一行。"),
    ("TOGETHER", "同一份文件里有错的行", TOGETHER),
    ("RULE", "不符合办理条件", "不符合办理条件。"),
    ("CERTIFICATE_FORMAT", "产权证号写法不对", "写法不对。请按证书填写；尚未发证的不填。"),
    (
        "CERTIFICATE_PROOF",
        "是登记证明，不是产权证",
        "是不动产登记证明的号，不是产权证号。请填产权证书的号。",
    ),
    (
        "CERTIFICATE_NUMERIC",
        "产权证号是数值",
        "在Excel中是数值或日期，已不是证书上的原样。请将该列设为“文本”，照证书重新录入。",
    ),
    ("CERTIFICATE_YEAR", "日期早于证号的年份", "{on}早于证号里的年份{year}。请对照证书改正日期或证号。"),
    ("CERTIFICATE_DUP", "产权证号重复", "{number}与第 {first} 行的另一户相同。请核对，一证一户。"),
    (
        "CERTIFICATE_DATE_COUNT",
        "发证日期与产权证号不对应",
        "有{found}个，产权证号有{numbers}个，不一致。请按同样的顺序用“、”隔开。",
    ),
    ("CERTIFICATE_DATE_ALONE", "有发证日期没有证号", "填了，却未填写产权证号。请补上证号，或清空日期。"),
    ("CERTIFICATE_DATE_DIFFERS", "同一证号两个日期", "{number}的日期与第 {first} 行不一样。请对照证书改正。"),
    ("CERTIFICATE_DATE_AHEAD", "发证日期尚未到来", "尚未到来。请对照证书改正。"),
    (
        "CERTIFICATE_PART_WAY",
        "正在办理的户不能登记旧证",
        "正在办理，不能由清册记为已发证。请按步骤办理至已发证，再补产权证号。",
    ),
    (
        "CERTIFICATE_STOPPED",
        "有堵点限制登簿的户不得登记旧证",
        "发证日有堵点限制登簿。请先核实证书，堵点已解决的先登记解决。",
    ),
    ("CERTIFICATE_AT_FAULT", "过错户不能登记旧证", "在堵点的过错范围内，不能由清册记为已发证。请先核实证书。"),
    ("FOREIGN_CHANGE", "已发证的户不能改", "已发证的户只能走更正程序，不能由导入修改。"),
)
WARNING: Final = (
    ("NORMALIZED", "写法已规整", "有的单元格写法已规整（全角、空格、大小写）。请在预览中核对。"),
    (
        "NOT_STATED",
        "未知、未售等按未填写",
        "有的格写的是未知、未售、待补、0 一类，按未填写，台账已有的保留。已知的请补上。",
    ),
    ("HOLDER_DECEASED", "权利人已故", "有的权利人注明已故。请核实，继承后办理权利人变更。"),
    ("HOLDER_NOTED", "姓名旁的说明单独记录", "姓名旁的说明（曾用名、户主等）已单独记录。请在预览中核对。"),
    (
        "ORGANISATION_CODE",
        "单位没有统一社会信用代码",
        "有的权利人是单位，未填写统一社会信用代码。请填证件类型“统一社会信用代码”和18位代码。",
    ),
    ("NEW_BUILDINGS", "将新建楼栋", "项目尚无楼栋，将按清册新建。请核对楼号。"),
    ("HIDDEN_ROWS", "有隐藏行，已一并读取", "表里有隐藏行，已一并读取。不要的请删除，不要隐藏。"),
    ("HIDDEN_COLUMNS", "有隐藏列，已一并读取", "表里有隐藏列，已一并读取。请取消隐藏核对。"),
    ("MERGED_FILLED", "合并单元格已向下填", "合并单元格已在合并范围内向下填。请在预览的“规整”一栏核对。"),
    ("FORMULA_CACHED", "公式按已有结果读取", "有的单元格是公式，按上次保存的结果读取。请在预览中核对。"),
    ("TOTAL_ROW_SKIPPED", "合计行已跳过", "合计、小计行已跳过，没有当作房屋。"),
    ("TITLE_ROWS_SKIPPED", "标题行已跳过", "表头上面的标题行、中间重复的表头和标题、表下的签名和说明已跳过。"),
    (
        "PROJECT_FILLED",
        "项目编号已按本项目填",
        "文件没有“项目编号”一列，或整列未填写，已按本项目填。不是本项目的，请不要写入。",
    ),
    ("BUILDING_FILLED", "楼栋已按工作表名填", "文件没有“楼栋”一列，已按工作表的名字填。请核对。"),
    ("EXTRA_COLUMNS", "多出的列没有用", "模板以外的列没有读取。要用的内容请写进备注。"),
    ("STRIKETHROUGH", "有带删除线的行，已正常读取", "有带删除线的内容，已正常读取。无需导入的行请删除。"),
    ("EXTRA_SHEETS", "其他工作表没有读", "其他工作表没有读取。要导入的请分别上传。"),
    ("OLD_ID15", "有15位旧证件号", "有15位旧身份证号，已照收。有新证的请改填18位。"),
    ("ONE_OWNER_MANY_UNITS", "同一人有多户", "同一证件号码名下有多户。请核对是否属实。"),
    (
        "ID_TWO_NAMES",
        "同一证件号码两个姓名",
        "同一证件号码在两户是两个姓名。请对照证件核对，填错的改正；改过名的写明曾用名。",
    ),
    ("CO_OWNERS", "有共有人", "有共有的户，已合为一户。请核对共有人。"),
    (
        "LEGACY_CERTIFICATE",
        "有旧证，证号按原样保存",
        "有的产权证号不是现行的不动产权证书号，作为旧证按原样保存。请对照证书核对。",
    ),
    (
        "WITH_CERTIFICATE",
        "已有产权证，按已发证入账",
        "有的户写了产权证号，写入后按已发证入账，不计入本月发证。请确认已经领证。",
    ),
    (
        "CO_OWNER_LEFT",
        "同户共有人的行被退回",
        "同一户还有一行被退回，这次只会记入没有错的共有人。更正后请将该户的各行一并重新上传。",
    ),
    ("FORMULA_LIKE_TEXT", "有像公式的文字，按文字保存", "有以 = + - @ 开头的文字，按文字保存，不会计算。"),
    (
        "LEADING_ZERO_SUSPECT",
        "户号可能丢了前面的0",
        "有的编号在Excel中是数值，可能丢了前面的0。请核对，并把该列设为文本。",
    ),
    ("RARE_CHAR", "有生僻字，请核对", "姓名中有生僻字，已原样保存。请对照证件核对。"),
    (
        "NAME_UNUSUAL",
        "姓名少见，请核对",
        "有的姓名第一个字不是常见的姓，或超过四个字，已原样保存。请核对是不是一个人的姓名；不是姓名的请改正。",
    ),
    ("BLANK_ROWS_SKIPPED", "空白行已跳过", "数据中间的空白行已跳过；连续空白500行以后不再读取。"),
    ("ALREADY_IMPORTED", "这份文件已导入过", "该文件已导入。请确认是否重复上传。"),
    ("BY_NAME", "按户名对上", "有的行是施工、销售、公安、测绘的户名，已按户名表对上台账的户。请在预览中核对。"),
    ("COMMENTED", "有批注", "有的单元格有批注，批注不写入台账。要用的内容请写进单元格。"),
    ("EXTERNAL_LINKS", "有外部链接，没有读取", "文件链接了别的文件，没有读取链接。请核对相关单元格。"),
    ("PATH_IGNORED", "文件名里的路径已去掉", "文件名里的路径已去掉，只保留文件名。"),
)
TABLES: Final[tuple[tuple[Kind, tuple[tuple[str, str, str], ...]], ...]] = (
    ("row", ROW),
    ("warning", WARNING),
    ("file", FILE),  # last: FOREIGN_PROJECT is said of rows too, and refuses the file
)
CODES: Final[Mapping[str, IntakeCode]] = {
    code: IntakeCode(code, kind, label, message) for kind, table in TABLES for code, label, message in table
}


class FileRefused(Exception):
    """The whole file is refused: its code, and what to tell the sender."""

    def __init__(self, code: str, message: str = "", **parts: object) -> None:
        super().__init__(code)
        self.code = code
        self.message = message or CODES[code].message(**{"lines": "", **parts})
        self.seen: dict[str, Any] = {}

    def having_seen(self, **seen: Any) -> "FileRefused":
        """Keep what the reader had found by then: fields of a ReadResult from which a person can mend it."""
        self.seen = seen
        return self
