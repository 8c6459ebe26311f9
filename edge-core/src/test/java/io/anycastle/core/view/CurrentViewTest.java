package io.anycastle.core.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.ZoneState;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CurrentViewTest {
    private static final DomainName SITE = DomainName.of("site.test");
    private static final DomainName WWW = DomainName.of("www.site.test");

    private final CurrentView view = new CurrentView();
    private final List<String> steps = new ArrayList<>();

    @Test
    void all_listeners_prepare_then_all_commit_then_the_view_is_current() {
        view.follow(listener("dns"));
        view.follow(listener("proxy"));
        view.update(Zones.active("site.test", "www A 192.0.2.1"), Set.of(WWW));
        assertThat(steps)
                .containsExactly(
                        "dns prepares while old",
                        "proxy prepares while old",
                        "dns commits while old",
                        "proxy commits while old");
        assertThat(view.get().zone(SITE)).isPresent();
        assertThat(view.get().sequence()).isEqualTo(1);
    }

    @Test
    void a_listener_that_comes_late_is_told_what_is_there_first() {
        view.update(Zones.active("site.test", "www A 192.0.2.1"), Set.of(WWW));
        List<ViewChange> changes = new ArrayList<>();
        view.follow(change -> () -> changes.add(change));
        view.update(Zones.active("site.test", "www A 192.0.2.2"), Set.of(WWW));
        view.remove(SITE);
        view.remove(SITE);
        assertThat(changes).hasSize(3);
        assertThat(changes.get(0).before()).isEmpty();
        assertThat(changes.get(0).names()).containsExactly(WWW);
        assertThat(changes.get(1).before()).isEqualTo(changes.get(0).after());
        assertThat(changes.get(2).after()).isEmpty();
        assertThat(changes.get(2).names()).containsExactly(WWW);
    }

    @Test
    void a_listener_that_fails_does_not_keep_a_change_from_the_others() {
        view.follow(change -> {
            throw new IllegalStateException("cannot compile");
        });
        view.follow(listener("proxy"));
        view.update(Zones.active("site.test", "www A 192.0.2.1"), Set.of(WWW));
        assertThat(steps).containsExactly("proxy prepares while old", "proxy commits while old");
        assertThat(view.get().zone(SITE)).isPresent();
    }

    @Test
    void a_change_among_100_000_names_costs_microseconds() {
        ZoneState zone = Zones.active("site.test", "www A 192.0.2.1");
        NameRecords www = zone.at(WWW).orElseThrow();
        for (int i = 0; i < 100_000; i++) {
            zone = zone.with(Zones.renamed(www, DomainName.of("n" + i + ".site.test")));
        }
        view.update(zone, Set.copyOf(zone.names().keySet()));
        int rounds = 2_000;
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            for (int i = 0; i < rounds; i++) {
                zone = zone.with(www);
                view.update(zone, Set.of(WWW));
            }
            best = Math.min(best, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start);
        }
        assertThat(Duration.ofNanos(best / rounds)).isLessThan(Duration.ofMillis(1));
    }

    private ViewListener listener(String who) {
        return change -> {
            steps.add(who + " prepares while " + age());
            return () -> steps.add(who + " commits while " + age());
        };
    }

    private String age() {
        return view.get().sequence() == 0 ? "old" : "new";
    }
}
