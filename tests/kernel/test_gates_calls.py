"""What a call knows of a home and of its desk: the days, the papers, how it ends."""

from datetime import date

from registry.kernel.gates import Appointment, Desk, closing_words, telephone_words
from registry.kernel.gates.calls import spoken_day
from tests.kernel.test_gates_scripts import call
from tests.kernel.test_reference_gates import TODAY


def test_papers_are_named_and_the_call_ends_with_what_is_set_and_nothing_else() -> None:
    desk = Desk("周庄服务点", "010-00000000", "工作日9:00—17:00", ("身份证", "安置协议"), 3)
    told = call("waiting", desk=desk, phone_tail="0001")

    assert "请准备身份证、安置协议，到周庄服务点提交" in telephone_words(told)
    assert closing_words(told) == (
        ("核对电话", "您登记的联系电话还是尾号0001吗？"),
        ("还有问题", "还有别的问题，可打010-00000000，工作日9:00—17:00。"),
        ("不满意的", "您的情况我已经记下，转工作专班，3个工作日内给您回电。"),
    )
    shut = call("waiting", building="shut")
    assert closing_words(shut) == (("不满意的", "您的情况我已经记下，转演示单位。"),), "what is not set is not said"


def test_what_the_registry_asked_for_stands_in_its_own_paper() -> None:
    held = call("accepted", standing="held", hold="correction", held_on=date(2022, 3, 1))

    assert telephone_words(held) == (
        "您的申请已于3月7日受理。登记机构已于3月1日要求补正，请按补正告知书补交材料；"
        "告知书由登记机构出具，我们可以代收后转交；补正期限以告知书为准。"
    )


def test_a_notice_in_force_gives_the_time_and_the_place() -> None:
    told = Appointment(date(2022, 3, 11), date(2022, 4, 22), "演示家园一层大厅", "19900000000")

    assert "在3月11日至4月22日的工作日到演示家园一层大厅领取" in telephone_words(call("printed", appointment=told))
    assert telephone_words(call("printed", appointment=told)).endswith("改约请打19900000000。")
    assert "在3月11日至4月22日到演示家园一层大厅办理；错过时间也可以来，先打19900000000改约" in telephone_words(
        call("notified", appointment=told)
    )


def test_a_day_of_another_year_has_its_year() -> None:
    assert spoken_day(date(2022, 3, 7), TODAY) == "3月7日"
    assert spoken_day(date(2021, 3, 7), TODAY) == "2021年3月7日"
    assert spoken_day(None, TODAY) == ""
