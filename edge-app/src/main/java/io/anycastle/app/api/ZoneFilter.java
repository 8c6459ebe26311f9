package io.anycastle.app.api;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.model.Zone;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which zones a list call wants, and in which order. */
final class ZoneFilter {
    private final Query query;

    private ZoneFilter(Query query) {
        this.query = query;
    }

    static List<Zone> select(Stream<Zone> zones, Query query) {
        return new ZoneFilter(query).select(zones);
    }

    private List<Zone> select(Stream<Zone> zones) {
        List<Predicate<Zone>> tests = tests();
        boolean matchesAny = query.text("match").orElse("all").equalsIgnoreCase("any") && !tests.isEmpty();
        Predicate<Zone> wanted = matchesAny
                ? zone -> tests.stream().anyMatch(t -> t.test(zone))
                : zone -> tests.stream().allMatch(t -> t.test(zone));
        return zones.filter(wanted).sorted(order()).toList();
    }

    private List<Predicate<Zone>> tests() {
        List<Predicate<Zone>> tests = new ArrayList<>();
        query.text("name").ifPresent(name -> tests.add(named(name)));
        query.text("status").ifPresent(status -> {
            List<String> wanted = List.of(status.toLowerCase(Locale.ROOT).split(",", -1));
            tests.add(zone -> wanted.contains(zone.status().name().toLowerCase(Locale.ROOT)));
        });
        query.text("type").ifPresent(type -> {
            List<String> wanted = List.of(type.toLowerCase(Locale.ROOT).split(",", -1));
            tests.add(zone -> wanted.contains(zone.type().name().toLowerCase(Locale.ROOT)));
        });
        query.text("account.id").ifPresent(id -> tests.add(zone -> id.equalsIgnoreCase(Ids.ACCOUNT)));
        query.text("account.name").ifPresent(name -> {
            boolean isOurs = TextTest.prefixed(name).test(ZoneJson.ACCOUNT_NAME);
            tests.add(zone -> isOurs);
        });
        return tests;
    }

    /** A bare name is exact, in any spelling of it. */
    private static Predicate<Zone> named(String text) {
        if (text.indexOf(':') >= 0) {
            Predicate<String> test = TextTest.prefixed(text);
            return zone -> test.test(zone.name().toString());
        }
        try {
            DomainName name = DomainName.of(text);
            return zone -> zone.name().equals(name);
        } catch (InvalidNameException e) {
            return zone -> false;
        }
    }

    private Comparator<Zone> order() {
        Optional<String> field = query.text("order");
        Comparator<Zone> byName = Comparator.comparing(zone -> zone.name().toString());
        Comparator<Zone> order = field.<Comparator<Zone>>map(by -> switch (by) {
                    case "status" -> Comparator.comparing(Zone::status).thenComparing(byName);
                    default -> byName;
                })
                .orElse(byName);
        return query.text("direction").orElse("asc").equalsIgnoreCase("desc") ? order.reversed() : order;
    }
}
