package io.anycastle.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 1: what is acknowledged survives. */
class StoreDurabilityTest {
    private static final int ROUNDS = 4;
    private static final int LIMIT_KIB = 128;

    @TempDir
    Path folder;

    @Test
    void every_acknowledged_write_survives_a_kill_at_any_moment() throws Exception {
        Random random = new Random(20261123);
        Set<String> acknowledged = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            try (StoreProcess store = StoreProcess.start(folder, "")) {
                store.say("flood r" + round);
                int wanted = 1 + random.nextInt(150);
                for (int i = 0; i < wanted; i++) {
                    acknowledged.add(store.line());
                }
                acknowledged.addAll(whole(store.kill(), round));
            }
            try (var opened = Journals.open(folder)) {
                assertThat(opened.journal().damage()).isEmpty();
                assertThat(JournalTest.names(opened)).containsAll(acknowledged);
            }
        }
        assertThat(acknowledged).hasSizeGreaterThan(ROUNDS);
    }

    /** The last line may be half a name: the process was killed while it said it. */
    private static List<String> whole(List<String> lines, int round) {
        String last = lines.isEmpty() ? "" : lines.getLast();
        boolean isWhole = last.matches("r" + round + "-\\d+-\\d+");
        return isWhole ? lines.subList(0, lines.size() - 1) : List.of();
    }

    @Test
    void a_full_disk_refuses_the_write_and_serving_goes_on_until_there_is_room_again() throws Exception {
        try (StoreProcess store = StoreProcess.start(folder, "ulimit -S -f " + LIMIT_KIB + ";")) {
            assertThat(store.ask("write small 10")).startsWith("Applied");
            assertThat(store.ask("write large 2000"))
                    .startsWith("Unavailable")
                    .contains("the change cannot be written to disk: File too large");
            assertThat(store.ask("count")).isEqualTo("10");
            assertThat(store.ask("write fits 10")).startsWith("Applied");
            assertThat(new ProcessBuilder("prlimit", "--pid", "" + store.pid(), "--fsize=unlimited")
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(store.ask("write large 2000")).startsWith("Applied");
            store.kill();
        }
        try (var opened = Journals.open(folder)) {
            assertThat(opened.journal().damage()).isEmpty();
            assertThat(JournalTest.names(opened)).hasSize(2020);
        }
    }
}
