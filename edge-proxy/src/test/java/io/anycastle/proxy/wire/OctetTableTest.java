package io.anycastle.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 9112 and RFC 9110, octet by octet on real sockets: what visitors and origins say, and what the other side hears of it. */
class OctetTableTest {
    private static final int PATIENCE_SECONDS = 20;
    /** For a case that is known to fail, mostly by silence. */
    private static final int DOUBT_SECONDS = 3;

    static Stream<Case> cases() throws IOException {
        return Case.read("octets.txt").stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void both_ends_hear_what_the_table_says(Case played) throws Exception {
        if (played.awaits().isPresent()) {
            // so that the mark goes on the day that it passes
            assertThatThrownBy(() -> play(played, DOUBT_SECONDS, false))
                    .as(played.awaits().get())
                    .isInstanceOf(AssertionError.class);
        } else {
            play(played, PATIENCE_SECONDS, false);
        }
    }

    static Stream<Case> passingInPieces() throws IOException {
        return passing().filter(played -> !played.isWholeOnly() && !played.hearsChunks());
    }

    static Stream<Case> passing() throws IOException {
        return cases().filter(played -> played.awaits().isEmpty());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("passingInPieces")
    void it_does_not_matter_how_octets_are_cut_into_packets(Case played) throws Exception {
        play(played, PATIENCE_SECONDS, true);
    }

    static Stream<Case> passingInTls() throws IOException {
        return passing().filter(played -> !played.isPlainOnly());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("passingInTls")
    void it_is_the_same_for_visitors_in_tls(Case played) throws Exception {
        try (Ends ends = new TlsEnds(played.settings(), PATIENCE_SECONDS);
                Player player = new Player(ends, false)) {
            player.play(played);
        }
    }

    private static void play(Case played, int seconds, boolean isDribbling) throws Exception {
        try (Ends ends = new PlainEnds(played.settings(), seconds);
                Player player = new Player(ends, isDribbling)) {
            player.play(played);
        }
    }

    @Test
    void every_case_has_a_name_of_its_own() throws Exception {
        List<String> names = cases().map(Case::name).toList();

        assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(50);
    }
}
