package io.anycastle.app.api;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.ZoneState;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which records of a zone a list call wants, and in which order. */
final class RecordFilter {
    private final Query query;
    private final MultiMap parameters;
    private final DomainName zone;

    private RecordFilter(Query query, DomainName zone) {
        this.query = query;
        this.parameters = query.parameters();
        this.zone = zone;
    }

    static List<Record> select(ZoneState zone, Query query) {
        return new RecordFilter(query, zone.zone().name()).select(zone);
    }

    private List<Record> select(ZoneState state) {
        List<Predicate<Record>> tests = tests();
        boolean matchesAny = query.text("match").orElse("all").equalsIgnoreCase("any");
        Predicate<Record> wanted = tests.isEmpty()
                ? record -> true
                : matchesAny
                        ? record -> tests.stream().anyMatch(t -> t.test(record))
                        : record -> tests.stream().allMatch(t -> t.test(record));
        Stream<Record> found = candidates(state, matchesAny).filter(wanted).filter(record -> search().test(record));
        Optional<Comparator<Record>> order = order();
        return (order.isPresent() ? found.sorted(order.get()) : found).toList();
    }

    /** One name's records when only that name can match; otherwise all, by name. */
    private Stream<Record> candidates(ZoneState state, boolean matchesAny) {
        Optional<DomainName> only = matchesAny ? Optional.empty() : exactName();
        Collection<Record> at =
                only.flatMap(state::at).map(names -> names.records()).orElse(List.of());
        return only.isPresent()
                ? at.stream()
                : state.names().values().stream().flatMap(names -> names.records().stream());
    }

    private Optional<DomainName> exactName() {
        return query.text("name").or(() -> query.text("name.exact")).map(this::stored);
    }

    private List<Predicate<Record>> tests() {
        List<Predicate<Record>> tests = new ArrayList<>();
        nameTests(tests);
        query.text("type").ifPresent(types -> tests.add(ofTypes(types)));
        contentTests(tests);
        query.flag("proxied").ifPresent(flag -> tests.add(record -> record.proxied() == flag));
        query.text("priority").ifPresent(text -> {
            int priority = text.equals("0") ? 0 : query.number("priority", 0);
            tests.add(record -> record.priority().orElse(-1) == priority);
        });
        TextTest.ofField(parameters, "comment").forEach(test -> tests.add(record -> test.test(record.comment())));
        presence("comment", record -> !record.comment().isEmpty(), tests);
        tagTests(tests);
        return tests;
    }

    private void nameTests(List<Predicate<Record>> tests) {
        exactName().ifPresent(name -> tests.add(record -> record.name().equals(name)));
        for (String operator : List.of("contains", "startswith", "endswith")) {
            String field = "name." + operator;
            TextTest.ofField(
                            MultiMap.caseInsensitiveMultiMap()
                                    .add(field, parameters.contains(field) ? parameters.get(field) : ""),
                            "name")
                    .forEach(test -> tests.add(record -> test.test(record.name().toString())));
        }
    }

    /** A name that nobody can store matches nothing. */
    private DomainName stored(String spelled) {
        try {
            return DomainName.inZone(spelled, zone);
        } catch (InvalidNameException e) {
            return DomainName.ROOT;
        }
    }

    private static Predicate<Record> ofTypes(String types) {
        List<String> wanted = List.of(types.toUpperCase(Locale.ROOT).split(",", -1));
        return record -> wanted.contains(record.type().name());
    }

    /** Either form of a TXT record's content matches, quoted or bare; other contents match without the final dot. */
    private void contentTests(List<Predicate<Record>> tests) {
        TextTest.ofField(parameters, "content").forEach(test -> tests.add(record -> matchesContent(record, test)));
        for (String field : List.of("content", "content.exact")) {
            String value = parameters.get(field);
            if (value != null && !value.isEmpty()) {
                String bare = TxtContent.bare(value);
                String undotted =
                        value.length() > 1 && value.endsWith(".") ? value.substring(0, value.length() - 1) : value;
                tests.removeLast();
                tests.add(record -> record.type() == RecordType.TXT
                        ? TxtContent.bare(record.content()).equalsIgnoreCase(bare)
                        : record.content().equalsIgnoreCase(value)
                                || record.content().equalsIgnoreCase(undotted));
            }
        }
    }

    private static boolean matchesContent(Record record, Predicate<String> test) {
        return test.test(record.content())
                || (record.type() == RecordType.TXT && test.test(TxtContent.bare(record.content())));
    }

    private void tagTests(List<Predicate<Record>> tests) {
        List<Predicate<Record>> tagTests = new ArrayList<>();
        TextTest.ofField(parameters, "tag")
                .forEach(test -> tagTests.add(record -> record.tags().stream().anyMatch(test)));
        query.text("tag.present").ifPresent(name -> tagTests.add(record -> hasTag(record, name)));
        query.text("tag.absent").ifPresent(name -> tagTests.add(record -> !hasTag(record, name)));
        if (tagTests.isEmpty()) {
            return;
        }
        boolean matchesAny = query.text("tag_match")
                .or(() -> query.text("tag-match"))
                .orElse("all")
                .equalsIgnoreCase("any");
        tests.add(
                matchesAny
                        ? record -> tagTests.stream().anyMatch(t -> t.test(record))
                        : record -> tagTests.stream().allMatch(t -> t.test(record)));
    }

    private static boolean hasTag(Record record, String name) {
        return record.tags().stream()
                .map(tag -> tag.split(":", 2)[0])
                .anyMatch(tagName -> tagName.equalsIgnoreCase(name));
    }

    /** {@code field.present} and {@code field.absent}, whose values do not matter. */
    private void presence(String field, Predicate<Record> isPresent, List<Predicate<Record>> tests) {
        if (query.has(field + ".present")) {
            tests.add(isPresent);
        }
        if (query.has(field + ".absent")) {
            tests.add(isPresent.negate());
        }
    }

    /** Free text over name, content, comment and tags. */
    private Predicate<Record> search() {
        Optional<String> wanted = query.text("search").map(text -> text.toLowerCase(Locale.ROOT));
        return wanted.<Predicate<Record>>map(text -> record -> Stream.concat(
                                Stream.of(record.name().toString(), record.content(), record.comment()),
                                record.tags().stream())
                        .anyMatch(field -> field.toLowerCase(Locale.ROOT).contains(text)))
                .orElse(record -> true);
    }

    private Optional<Comparator<Record>> order() {
        Optional<Comparator<Record>> order = query.text("order").map(field -> switch (field) {
            case "type" -> Comparator.comparing(record -> record.type().name());
            case "name" -> Comparator.comparing(record -> record.name().toString());
            case "content" -> Comparator.comparing(Record::content);
            case "ttl" -> Comparator.comparingInt(record -> record.ttl().seconds());
            case "proxied" -> Comparator.comparing(Record::proxied);
            default ->
                throw new ApiException(ApiError.invalid(
                        "order", "expected one of type, name, content, ttl, proxied, found '" + field + "'"));
        });
        boolean isDescending = query.text("direction").orElse("asc").equalsIgnoreCase("desc");
        return isDescending ? order.map(Comparator::reversed) : order;
    }
}
