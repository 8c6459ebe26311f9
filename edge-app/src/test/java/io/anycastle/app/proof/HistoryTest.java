package io.anycastle.app.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.proof.History.Outcome;
import io.anycastle.app.proof.History.Write;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A checker that cannot fail proves nothing. */
class HistoryTest {
    private static Write write(String value, long begun, long ended, Outcome outcome) {
        return new Write("n", Optional.of(value), begun, ended, outcome);
    }

    private static Write delete(long begun, long ended, Outcome outcome) {
        return new Write("n", Optional.empty(), begun, ended, outcome);
    }

    private static List<String> problems(Map<String, String> state, Write... writes) {
        return History.problems(List.of(writes), state, Set.of());
    }

    @Test
    void the_last_acknowledged_write_explains_the_state() {
        assertThat(problems(
                        Map.of("n", "b"),
                        write("a", 0, 1, Outcome.ACKNOWLEDGED),
                        write("b", 2, 3, Outcome.ACKNOWLEDGED),
                        write("c", 4, 5, Outcome.REFUSED)))
                .isEmpty();
    }

    @Test
    void a_lost_write_is_found() {
        assertThat(problems(Map.of(), write("a", 0, 1, Outcome.ACKNOWLEDGED)))
                .containsExactly("n = nothing, but a was acknowledged last");
        assertThat(problems(
                        Map.of("n", "a"),
                        write("a", 0, 1, Outcome.ACKNOWLEDGED),
                        write("b", 2, 3, Outcome.ACKNOWLEDGED)))
                .containsExactly("n = a, but b was acknowledged after it");
    }

    @Test
    void a_resurrected_deletion_is_found() {
        assertThat(problems(
                        Map.of("n", "a"), write("a", 0, 1, Outcome.ACKNOWLEDGED), delete(2, 3, Outcome.ACKNOWLEDGED)))
                .containsExactly("n = a, but its deletion was acknowledged after it");
    }

    @Test
    void a_refused_write_that_happened_is_found() {
        assertThat(problems(
                        Map.of("n", "b"), write("a", 0, 1, Outcome.ACKNOWLEDGED), write("b", 2, 3, Outcome.REFUSED)))
                .containsExactly("n = b, but a was acknowledged last");
    }

    @Test
    void a_value_that_nobody_wrote_is_found() {
        assertThat(problems(Map.of("x", "a"))).containsExactly("x = a, which nobody wrote");
    }

    @Test
    void a_write_of_unknown_outcome_may_have_happened_at_any_later_time_or_never() {
        Write first = write("a", 0, 1, Outcome.ACKNOWLEDGED);
        Write unknown = write("b", 2, 3, Outcome.UNKNOWN);
        Write last = write("c", 4, 5, Outcome.ACKNOWLEDGED);
        assertThat(problems(Map.of("n", "a"), first, unknown)).isEmpty();
        assertThat(problems(Map.of("n", "b"), first, unknown)).isEmpty();
        assertThat(problems(Map.of("n", "b"), first, unknown, last)).isEmpty();
        assertThat(problems(Map.of("n", "c"), first, unknown, last)).isEmpty();
        assertThat(problems(Map.of("n", "a"), first, unknown, last))
                .containsExactly("n = a, but c was acknowledged after it");
        assertThat(problems(Map.of(), unknown)).isEmpty();
    }

    @Test
    void writes_at_the_same_time_may_have_come_in_either_order() {
        Write a = write("a", 0, 10, Outcome.ACKNOWLEDGED);
        Write b = write("b", 5, 15, Outcome.ACKNOWLEDGED);
        assertThat(problems(Map.of("n", "a"), a, b)).isEmpty();
        assertThat(problems(Map.of("n", "b"), a, b)).isEmpty();
    }

    @Test
    void a_loser_that_is_listed_is_not_lost() {
        Write a = write("a", 0, 1, Outcome.ACKNOWLEDGED);
        Write b = write("b", 2, 3, Outcome.ACKNOWLEDGED);
        assertThat(History.problems(List.of(a, b), Map.of("n", "a"), Set.of("b")))
                .isEmpty();
    }
}
