package io.anycastle.proxy.reply;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110 section 12.5.1. */
class NegotiationTest {
    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
            */*                                             | HTML
            text/html                                       | HTML
            text/html,application/xhtml+xml,*/*;q=0.8       | HTML
            application/json                                | JSON
            APPLICATION/JSON                                | JSON
            application/problem+json                        | PROBLEM
            application/problem+json, application/json      | PROBLEM
            application/json, application/problem+json      | JSON
            application/*                                   | PROBLEM
            text/markdown                                   | MARKDOWN
            text/*                                          | HTML
            text/markdown, text/html;q=0.9                  | MARKDOWN
            text/html;q=0.5, application/json;q=0.6         | JSON
            text/html;q=0, */*                              | PROBLEM
            text/markdown;q=0.1                             | MARKDOWN
            application/json;charset=utf-8                  | JSON
            application/json; q=0.3 , text/*; q=0.2         | JSON
            image/png                                       | HTML
            image/png, */*;q=0.1                            | HTML
            application/json;q=2                            | HTML
            application/json;q=abc                          | HTML
            ,,;;=                                           | HTML
            application/json, */*                           | JSON
            text/html, application/json                     | HTML
            """)
    void the_form_with_the_highest_quality_wins(String accept, Format expected) {
        assertThat(Negotiation.choose(accept)).isEqualTo(expected);
    }

    @Test
    void no_wish_is_html() {
        assertThat(Negotiation.choose(null)).isEqualTo(Format.HTML);
        assertThat(Negotiation.choose("")).isEqualTo(Format.HTML);
    }

    @Test
    void a_very_long_header_is_read_only_in_part() {
        assertThat(Negotiation.choose("a/b,".repeat(5000) + "application/json")).isEqualTo(Format.HTML);
    }
}
