package io.anycastle.proxy.reply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 9457 and the pages beside it. */
class ErrorPageTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00.123Z");

    private static ErrorFacts facts(EdgeError error, String host) {
        return new ErrorFacts(error, "", "0123456789abcdef-TST", "example.com", host, NOW);
    }

    @ParameterizedTest
    @EnumSource(EdgeError.class)
    void every_error_can_be_written_in_every_form(EdgeError error) throws Exception {
        ErrorFacts facts = facts(error, "a.example.com");

        JsonNode json = new ObjectMapper().readTree(ErrorPage.write(facts, Format.PROBLEM));
        assertThat(json.get("error_code").asInt()).isEqualTo(error.code());
        assertThat(json.get("status").asInt()).isEqualTo(error.status());
        assertThat(json.get("error_name").asText()).matches("[a-z_]+");
        assertThat(json.get("error_category").asText()).isEqualTo(error.fault().word());
        assertThat(json.get("retryable").asBoolean()).isEqualTo(json.has("retry_after"));
        assertThat(json.has("owner_action_required")).isTrue();
        assertThat(json.get("ray_id").asText()).isEqualTo("0123456789abcdef-TST");
        assertThat(json.get("zone").asText()).isEqualTo("example.com");
        assertThat(json.get("timestamp").asText()).isEqualTo("2026-11-23T12:00:00Z");
        assertThat(ErrorPage.write(facts, Format.MARKDOWN)).startsWith("# Error " + error.code());
        assertThat(ErrorPage.write(facts, Format.HTML))
                .contains("Error " + error.code(), "0123456789abcdef-TST", "problem here")
                .doesNotContainPattern("\\{[a-z]+\\}");
    }

    @Test
    void nothing_from_outside_is_markup() throws Exception {
        String evil = "<script>alert(1)</script>\"'&\\{ray}\r\n\u2028";
        ErrorFacts facts = new ErrorFacts(EdgeError.BAD_REQUEST, evil, "r", evil, evil, NOW);

        assertThat(ErrorPage.write(facts, Format.HTML)).doesNotContain("<script>", "{ray}");
        assertThat(new ObjectMapper()
                        .readTree(ErrorPage.write(facts, Format.JSON))
                        .get("zone")
                        .asText())
                .isEqualTo(evil);
        assertThat(ErrorPage.write(facts, Format.MARKDOWN)).doesNotContain("<script>");
    }

    @ParameterizedTest
    @CsvSource({
        "500,30",
        "520,60",
        "521,120",
        "522,120",
        "523,120",
        "524,120",
        "525,0",
        "526,0",
        "1004,120",
        "1200,60",
        "1001,0"
    })
    void retry_after_is_what_monitors_expect(int code, int seconds) {
        assertThat(EdgeError.numbered(code).orElseThrow().retryAfterSeconds()).isEqualTo(seconds);
    }

    @Test
    void log_text_is_one_line_of_ascii() {
        assertThat(Escape.log("a\r\nb\"\\\u00e9\u0000")).isEqualTo("a\\u000d\\u000ab\\u0022\\u005c\\u00e9\\u0000");
    }
}
