package io.anycastle.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TxtContentTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "abc,abc",
                "\"abc\",abc",
                "\"ab\" \"cd\",abcd",
                "\"a\\\"b\",a\"b",
                "\"a\\\\b\",a\\b",
                "\"a\\065b\",aAb",
                "v=spf1 -all,v=spf1 -all"
            })
    void quoted_and_bare_content_are_the_same_text(String content, String bare) {
        assertThat(TxtContent.bare(content)).isEqualTo(bare);
    }
}
