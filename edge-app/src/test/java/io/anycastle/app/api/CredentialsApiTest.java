package io.anycastle.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.Answer;
import io.anycastle.app.TestNode;
import io.anycastle.app.config.Keys;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is let in, and what others are told. */
final class CredentialsApiTest {
    private static final String WRONG = "0000000000000000000000000000000000000000";

    @AutoClose
    private static final TestNode node = TestNode.start();

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of("/zones", List.of(), 400, 9106, ""),
                Arguments.of("/no/such/route", List.of(), 400, 9106, ""),
                Arguments.of("/zones", List.of("X-Auth-Key", WRONG), 400, 9106, ""),
                Arguments.of("/zones", List.of("Authorization", "Bearer short"), 400, 6003, "\"code\":6111"),
                Arguments.of("/zones", List.of("Authorization", "Basic " + WRONG), 400, 6003, "\"code\":6111"),
                Arguments.of("/zones", List.of("Authorization", "Bearer " + WRONG), 403, 9109, "Invalid access token"),
                Arguments.of(
                        "/accounts/x/rules/lists",
                        List.of("Authorization", "Bearer " + WRONG),
                        401,
                        10000,
                        "Authentication error"),
                Arguments.of(
                        "/user/tokens/verify",
                        List.of("Authorization", "Bearer " + WRONG),
                        401,
                        1000,
                        "Invalid API Token"),
                Arguments.of(
                        "/accounts/x/tokens/verify",
                        List.of("Authorization", "Bearer " + WRONG),
                        401,
                        10000,
                        "Authentication error"),
                Arguments.of("/zones", List.of("X-Auth-User-Service-Key", WRONG), 403, 9109, "Invalid access token"),
                Arguments.of("/zones", List.of("X-Auth-User-Service-Key", "v1.0-?"), 400, 6003, "\"code\":6103"),
                Arguments.of(
                        "/zones",
                        List.of("X-Auth-Key", "short", "X-Auth-Email", "a@b.test"),
                        400,
                        6003,
                        "\"code\":6103"),
                Arguments.of(
                        "/zones",
                        List.of("X-Auth-Key", WRONG, "X-Auth-Email", "a@b.test"),
                        403,
                        9103,
                        "Unknown X-Auth-Key or X-Auth-Email"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void who_is_not_let_in_is_told_why(String path, List<String> headers, int status, int code, String text) {
        Answer answer = node.bare("GET", "/client/v4" + path, headers.toArray(String[]::new));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.codes()).containsExactly(code);
        assertThat(answer.text()).contains(text);
    }

    @Test
    void the_token_serves_as_legacy_key_with_any_email() {
        Answer answer =
                node.bare("GET", "/client/v4/zones", "X-Auth-Key", node.token(), "X-Auth-Email", "me@example.com");
        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void the_token_serves_as_service_key() {
        Answer answer = node.bare("GET", "/client/v4/zones", "X-Auth-User-Service-Key", node.token());
        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void the_right_token_is_verified_for_user_and_account() {
        assertThat(node.get("/user/tokens/verify").result().getString("status")).isEqualTo("active");
        assertThat(node.get("/accounts/x/tokens/verify").result().getString("status"))
                .isEqualTo("active");
    }

    @Test
    void too_many_wrong_tokens_are_told_to_wait_and_the_right_one_still_gets_in(@TempDir Path other) {
        try (TestNode strict = TestNode.start(other, config -> config.with(Keys.ADMIN_FAILED_LOGINS, 2))) {
            for (int expected : new int[] {403, 403, 429}) {
                Answer answer = strict.bare("GET", "/client/v4/zones", "Authorization", "Bearer " + WRONG);
                assertThat(answer.status()).isEqualTo(expected);
                assertThat(answer.codes()).containsExactly(expected == 429 ? 971 : 9109);
                assertThat(answer.header("retry-after").isEmpty()).isEqualTo(expected != 429);
            }
            assertThat(strict.get("/zones").status()).isEqualTo(200);
        }
    }

    @Test
    void health_and_metrics_need_no_token() {
        assertThat(node.bare("GET", "/livez").text()).isEqualTo("{\"alive\":true}");
        assertThat(node.bare("GET", "/readyz").text())
                .isEqualTo("{\"ready\":true,\"reads\":true,\"writes\":true,\"view\":\"loaded\",\"dns\":\"up\","
                        + "\"proxy\":\"up\"}");
        assertThat(node.bare("GET", "/metrics").header("content-type")).startsWith("text/plain; version=0.0.4");
    }
}
