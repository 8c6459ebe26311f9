package io.anycastle.dns.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.dns.UdpConfig.Driver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which driver serves, in a JVM that may make system calls and in one that may not. */
class DriverChoiceTest {
    /** Prints the choice; run in a JVM of its own. */
    static final class Chosen {
        private Chosen() {}

        public static void main(String[] arguments) {
            DriverChoice choice = DriverChoice.of(Driver.valueOf(arguments[0]), Boolean.parseBoolean(arguments[1]));
            System.out.println(choice.driver() + " " + choice.problem().orElse("serves"));
        }
    }

    private static String chosen(String nativeAccess, Driver asked, boolean nativeTransport) throws IOException {
        Process jvm = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        nativeAccess,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Chosen.class.getName(),
                        asked.name(),
                        String.valueOf(nativeTransport)))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    @ParameterizedTest
    @CsvSource({"true, EPOLL", "false, NIO"})
    void a_failed_self_test_leaves_the_serving_to_the_next_driver(boolean nativeTransport, Driver next)
            throws IOException {
        assertThat(chosen("--illegal-native-access=deny", Driver.AUTO, nativeTransport))
                .isEqualTo(next + " serves");
    }

    @Test
    void a_driver_that_was_asked_for_by_name_is_not_replaced_in_silence() throws IOException {
        assertThat(chosen("--illegal-native-access=deny", Driver.FFM, true))
                .startsWith("FFM UDP driver ffm cannot be used: the self-test failed: ");
    }

    @Test
    void where_the_self_test_passes_the_best_driver_serves() throws IOException {
        assertThat(chosen("--enable-native-access=ALL-UNNAMED", Driver.AUTO, true))
                .isEqualTo("FFM serves");
    }
}
