package io.anycastle.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.proxy.health.HealthReport.Finding;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the nodes find together, and how they tell each other. */
class VotesTest {
    private static final long INTERVAL_MS = 1_000;

    private static Votes votes(String findings) {
        Votes votes = Votes.NONE;
        for (String finding : findings.split(" ")) {
            String[] parts = finding.split("@");
            Health verdict = Health.valueOf(parts[0].toUpperCase(java.util.Locale.ROOT));
            votes = votes.with(new Finding(verdict, Integer.parseInt(parts[1])), INTERVAL_MS);
        }
        return votes;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # one node alone goes by what it finds
            down@0                         | in  | out
            up@0                           | out | in
            # with two, both must find it down
            down@0 up@0                    | in  | in
            down@0 up@0                    | out | in
            down@0 down@0                  | in  | out
            # with three, two are enough
            down@0 up@0 up@0               | in  | in
            down@0 down@0 up@0             | in  | out
            # who has not checked within two intervals, or not at all, says nothing
            down@0 up@2001 up@2001         | in  | out
            down@0 up@2000 up@2000         | in  | in
            down@0 unknown@0 unknown@0     | in  | out
            down@2001 down@2001 up@0       | out | in
            # where nobody says anything, all stays as it is
            unknown@0                      | out | out
            unknown@0 down@5000            | in  | in
            unknown@0 up@5000              | out | out
            """)
    void the_majority_of_those_that_checked_it_decides(String findings, String before, String after) {
        assertThat(votes(findings).isOut(before.equals("out"))).isEqualTo(after.equals("out"));
    }

    @Test
    void a_report_is_read_as_it_was_written() throws IOException {
        HealthReport report = new HealthReport(
                true,
                Map.of(
                        Long.MIN_VALUE,
                        new Finding(Health.DOWN, 0),
                        -1L,
                        new Finding(Health.UP, Integer.MAX_VALUE),
                        7L,
                        new Finding(Health.UNKNOWN, 12)));
        assertThat(HealthReport.decode(report.encoded())).isEqualTo(report);
        HealthReport none = new HealthReport(false, Map.of());
        assertThat(HealthReport.decode(none.encoded())).isEqualTo(none);
    }

    @Test
    void a_report_of_another_form_or_cut_off_is_refused() {
        byte[] report = new HealthReport(true, Map.of(7L, new Finding(Health.UP, 1))).encoded();
        byte[] newer = report.clone();
        newer[0] = 2;
        assertThatThrownBy(() -> HealthReport.decode(newer)).isInstanceOf(IOException.class);
        for (int length = 0; length < report.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(report, length);
            assertThatThrownBy(() -> HealthReport.decode(cut)).isInstanceOf(IOException.class);
        }
        byte[] unheard = report.clone();
        unheard[unheard.length - 5] = 9;
        assertThatThrownBy(() -> HealthReport.decode(unheard)).isInstanceOf(IOException.class);
    }
}
