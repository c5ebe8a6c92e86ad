"""Components draw what they are given, in every state, and keep what the address already says."""

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from opora.ui import components
from opora.ui.components import Crumb, FileRemark, Step, Task, Wrong


def said(source, address="/", **given):
    """Render a piece of a template as a page at an address would."""
    request = RequestFactory().get(address)
    return Template(source).render(Context({"request": request, **given}))


class TestSortingAndFilters:
    @pytest.mark.parametrize(
        ("now", "asked", "order"),
        [
            ("", "name", ""),
            ("name", "-name", "ascending"),
            ("-name", "name", "descending"),
            ("size", "name", ""),
        ],
    )
    def test_a_click_on_a_head_sorts_up_then_down(self, now, asked, order):
        assert components.sorting(now, "name") == (asked, order)

    def test_a_sorted_column_says_so(self):
        head = said('{% heading "Школа" sort="name" %}', "/?sort=-name")
        assert 'aria-sort="descending"' in head
        assert 'href="?sort=name"' in head

    def test_a_column_that_is_not_sortable_is_no_link(self):
        assert "<a" not in said('{% heading "Решение" %}')

    def test_a_head_may_be_for_the_ear_only(self):
        head = said('{% heading "Действие" silent=True %}')
        assert head == '<th scope="col"><span class="visually-hidden">Действие</span></th>'

    def test_sorting_keeps_the_filters_and_returns_to_the_first_page(self):
        head = said('{% heading "Школа" sort="name" %}', "/?state=rural&page=7&q=%D0%B0")
        assert 'href="?state=rural&amp;q=%D0%B0&amp;sort=name"' in head

    def test_a_chip_is_on_when_the_address_says_so(self):
        assert 'aria-current="true"' in said('{% chip "Сельские" "state" "rural" 29 %}', "/?state=rural")
        assert "aria-current" not in said('{% chip "Сельские" "state" "rural" 29 %}', "/?state=new")

    def test_the_chip_for_all_takes_its_filter_out_of_the_address(self):
        chip = said('{% chip "Все" "state" "" 41 %}', "/?state=rural&sort=name")
        assert 'href="?sort=name"' in chip

    def test_an_address_keeps_everything_else(self):
        query = QueryDict("a=1&page=3&sort=name")
        assert components.address_with(query, sort=None) == "?a=1"
        assert components.address_with(query, page=4) == "?a=1&page=4&sort=name"

    def test_a_search_form_keeps_the_filters_but_not_the_page(self):
        kept = said('{% kept_filters "q" %}', "/?state=rural&q=old&page=3")
        assert kept == '<input type="hidden" name="state" value="rural">'

    def test_what_comes_from_the_address_is_escaped(self):
        assert "<script>" not in said('{% kept_filters "q" %}', "/?state=%3Cscript%3E")


class TestPages:
    @pytest.mark.parametrize(
        ("number", "last", "shown"),
        [
            (1, 1, [1]),
            (1, 3, [1, 2, 3]),
            (1, 10, [1, 2, None, 10]),
            (5, 10, [1, None, 4, 5, 6, None, 10]),
            (4, 10, [1, 2, 3, 4, 5, None, 10]),
            (10, 10, [1, None, 9, 10]),
        ],
    )
    def test_pages_near_this_one_and_the_ends_are_shown(self, number, last, shown):
        """Пропуск в одну страницу не прячется: многоточие длиннее её номера."""
        assert components.pages_around(number, last) == shown

    @pytest.fixture
    def page(self):
        return Paginator(range(487), 50).get_page(2)

    def test_a_long_table_says_what_is_shown_of_how_many(self, page):
        table = said('{% table_frame "Школы" page %}<tbody></tbody>{% endtable_frame %}', page=page)
        assert "51–100 из 487" in table

    def test_links_to_other_pages_keep_the_filters(self, page):
        source = '{% table_frame "Школы" page %}{% endtable_frame %}'
        table = said(source, "/?state=rural&page=2", page=page)
        assert 'href="?state=rural&amp;page=3"' in table
        assert '<span class="o-page o-page-current" aria-current="page">2</span>' in table

    def test_one_page_has_no_links(self):
        table = said(
            '{% table_frame "Школы" page %}{% endtable_frame %}', page=Paginator([1], 50).get_page(1)
        )
        assert "<nav" not in table


class TestStates:
    @pytest.mark.parametrize("state", components.PILL_STATES)
    def test_a_status_has_a_shape_and_a_word(self, state):
        drawn = said('{% pill state "слово" %}', state=state)
        assert "<svg" in drawn
        assert "слово" in drawn

    def test_shapes_differ_where_colours_do(self):
        """Состояние различимо и без цвета."""
        shapes = {
            said('{% pill state "слово" %}', state=state).split("<svg")[1] for state in components.PILL_STATES
        }
        assert len(shapes) == len(components.PILL_STATES)

    def test_an_unknown_state_is_refused(self):
        with pytest.raises(TemplateSyntaxError, match="'green' is none of ok, attention"):
            said('{% pill "green" "слово" %}')

    @pytest.mark.parametrize("kind", ["official", "reconstructed", "default"])
    def test_an_origin_says_what_it_means(self, kind):
        word, meaning = components.origin(kind)
        drawn = said("{% origin kind %}", kind=kind)
        assert word in drawn
        assert f'title="{meaning}"' in drawn

    @pytest.mark.parametrize(
        ("kind", "role"),
        [
            ("empty", ""),
            ("loading", 'role="status"'),
            ("error", 'role="alert"'),
            ("forbidden", ""),
            ("offline", ""),
        ],
    )
    def test_a_blank_says_what_happened(self, kind, role):
        drawn = said("{% blank kind %}<p>что делать</p>{% endblank %}", kind=kind)
        assert role in drawn
        assert "<p>что делать</p>" in drawn
        assert 'class="o-blank-title"></p>' not in drawn

    def test_tasks_without_any_say_that_nothing_waits(self):
        assert "Сейчас от вас ничего не ждут." in said("{% task_list tasks %}", tasks=[])

    def test_a_task_that_cannot_be_done_yet_is_no_link(self):
        drawn = said(
            "{% task_list tasks %}", tasks=[Task("Опубликовать", None, "none", "ещё нельзя", "сначала")]
        )
        assert "<a" not in drawn
        assert "сначала" in drawn

    def test_the_step_line_marks_where_we_are_and_says_what_is_done(self):
        steps = [Step("Результаты", "done"), Step("Перечень", "current"), Step("Эффект", "ahead")]
        drawn = said("{% step_line steps %}", steps=steps)
        assert drawn.count('aria-current="step"') == 1
        assert "сделано:" in drawn


class TestFigures:
    def test_a_key_figure_explains_itself(self):
        drawn = said('{% key_figure "41" "школа" %}<p>откуда</p>{% endkey_figure %}')
        assert "откуда число" in drawn
        assert "<p>откуда</p>" in drawn

    def test_a_key_figure_without_an_explanation_offers_none(self):
        assert "<details" not in said('{% key_figure "41" "школа" %} {% endkey_figure %}')

    def test_words_inside_a_block_are_escaped_once(self):
        drawn = said('{% card title="Школа" %}{{ name }}{% endcard %}', name="<СОШ> & «Лицей»")
        assert "&lt;СОШ&gt; &amp; «Лицей»" in drawn

    def test_rows_take_pairs_and_triples(self):
        drawn = said("{% rows pairs %}", pairs=[("Вид", "школа"), ("Учеников", "214", "на 1 сентября")])
        assert drawn.count("<dt>") == 2
        assert "на 1 сентября" in drawn

    def test_crumbs_end_at_this_page(self):
        drawn = said(
            "{% crumbs way %}", way=[Crumb("Регион", "/r/"), ("Муниципалитет", "/m/"), Crumb("Школа")]
        )
        assert '<a href="/r/">Регион</a>' in drawn
        assert '<span aria-current="page">Школа</span>' in drawn

    def test_no_crumbs_draw_nothing(self):
        assert said("{% crumbs way %}", way=[]) == ""


class NameForm(forms.Form):
    name = forms.CharField(label="Название", help_text="Так, как в приказе.")
    remark = forms.CharField(label="Пояснение", required=False)
    kind = forms.ChoiceField(label="Вид", choices=[("a", "Первый")])
    agree = forms.BooleanField(label="Проверено")

    def clean(self):
        raise forms.ValidationError("Так нельзя.")


class TestForms:
    @pytest.fixture
    def form(self):
        form = NameForm({"name": "", "kind": "a", "agree": "on"})
        form.is_valid()
        return form

    def test_all_errors_stand_together_and_lead_to_their_fields(self, form):
        drawn = said("{% error_summary form %}", form=form)
        assert "Так нельзя." in drawn
        assert '<a href="#id_name">Название: Обязательное поле.</a>' in drawn

    def test_a_form_without_errors_has_no_summary(self):
        assert said("{% error_summary form %}", form=NameForm()) == ""

    def test_errors_may_come_without_a_form(self):
        drawn = said("{% error_summary wrong %}", wrong=[Wrong("Файл пустой.", allowed="Нужна строка.")])
        assert "Файл пустой." in drawn
        assert "Нужна строка." in drawn

    def test_a_wrong_field_is_tied_to_its_hint_and_error(self, form):
        drawn = said("{% field form.name %}", form=form)
        assert 'aria-describedby="id_name_hint id_name_error"' in drawn
        assert 'id="id_name_hint"' in drawn
        assert 'id="id_name_error"' in drawn
        assert "is-invalid" in drawn

    def test_a_field_that_may_be_left_out_says_so(self, form):
        assert "необязательно" in said("{% field form.remark %}", form=form)
        assert "необязательно" not in said("{% field form.name %}", form=form)

    def test_a_choice_and_a_box_are_drawn_as_such(self, form):
        assert "form-select" in said("{% field form.kind %}", form=form)
        box = said("{% field form.agree %}", form=form)
        assert box.index("<input") < box.index("<label")

    def test_a_remark_on_a_file_says_where_what_is_wrong_and_what_is_allowed(self):
        remark = FileRemark("Отметки", "C14", "Нет такой отметки", "2, 3, 4 или 5", "Отметка")
        drawn = said("{% upload_report remarks %}", remarks=[remark])
        for words in ("C14", "Отметки", "Нет такой отметки", "2, 3, 4 или 5", "Отметка"):
            assert words in drawn

    def test_a_remark_without_a_cell_is_of_the_whole_file(self):
        assert "весь файл" in said("{% upload_report remarks %}", remarks=[FileRemark("", "", "Пусто")])

    def test_a_long_report_says_how_much_is_left_out(self):
        drawn = said("{% upload_report remarks 1400 %}", remarks=[FileRemark("", "A1", "Пусто")])
        assert "Показаны 1 из 1\u202f400" in drawn

    def test_a_file_without_remarks_says_so(self):
        assert "Замечаний нет." in said("{% upload_report remarks %}", remarks=[])
