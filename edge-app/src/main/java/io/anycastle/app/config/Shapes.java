package io.anycastle.app.config;

import io.anycastle.core.health.Location;
import io.anycastle.core.model.Cidr;
import io.anycastle.core.model.ClientPorts;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.OriginBalance;
import io.anycastle.proxy.reply.UnknownHost;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The kinds of values that settings take. */
final class Shapes {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})(B|KiB|MiB|GiB)?");
    private static final Pattern LOCATION =
            Pattern.compile("(-?\\d{1,3}(?:\\.\\d{1,9})?) ?, ?(-?\\d{1,3}(?:\\.\\d{1,9})?)");
    private static final Map<String, Long> SIZE_UNITS =
            Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);
    private static final Map<String, Long> DURATION_UNITS =
            Map.of("ms", 1L, "s", 1000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    private Shapes() {}

    static Shape<Integer> number(int min, int max) {
        return Shape.scalar(
                "a whole number from " + min + " to " + max,
                text -> {
                    OptionalLong value = wholeNumber(text);
                    return value.isPresent() && value.getAsLong() >= min && value.getAsLong() <= max
                            ? Optional.of((int) value.getAsLong())
                            : Optional.empty();
                },
                String::valueOf);
    }

    private static OptionalLong wholeNumber(String text) {
        return text.matches("-?\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    static Shape<Boolean> flag() {
        return Shape.scalar(
                "true or false",
                text -> switch (text.toLowerCase(Locale.ROOT)) {
                    case "true" -> Optional.of(true);
                    case "false" -> Optional.of(false);
                    default -> Optional.empty();
                },
                String::valueOf);
    }

    static <E extends Enum<E>> Shape<E> choice(Class<E> type) {
        Map<String, E> choices = new LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            choices.put(constant.name().toLowerCase(Locale.ROOT), constant);
        }
        return Shape.scalar(
                "one of " + String.join(", ", choices.keySet()),
                text -> Optional.ofNullable(choices.get(text)),
                value -> value.name().toLowerCase(Locale.ROOT));
    }

    static Shape<Duration> duration(Duration min, Duration max) {
        return Shape.scalar(
                "a duration from " + text(min) + " to " + text(max) + " such as 500ms, 15s, 2m or 1h",
                text -> duration(text).filter(d -> d.compareTo(min) >= 0 && d.compareTo(max) <= 0),
                Shapes::text);
    }

    private static Optional<Duration> duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long unit = DURATION_UNITS.getOrDefault(matcher.group(2), 0L);
        return Optional.of(Duration.ofMillis(Long.parseLong(matcher.group(1)) * unit));
    }

    static String text(Duration duration) {
        long ms = duration.toMillis();
        for (String unit : List.of("d", "h", "m", "s")) {
            long size = DURATION_UNITS.getOrDefault(unit, 1L);
            if (ms >= size && ms % size == 0) {
                return ms / size + unit;
            }
        }
        return ms == 0 ? "0s" : ms + "ms";
    }

    /** Bytes. */
    static Shape<Long> size(long min, long max) {
        return Shape.scalar(
                "a size from " + sizeText(min) + " to " + sizeText(max) + " such as 64KiB or 16MiB",
                text -> {
                    Matcher matcher = SIZE.matcher(text);
                    if (!matcher.matches()) {
                        return Optional.empty();
                    }
                    String unit = matcher.group(2) == null ? "B" : matcher.group(2);
                    long bytes = Long.parseLong(matcher.group(1)) * SIZE_UNITS.getOrDefault(unit, 1L);
                    return bytes >= min && bytes <= max ? Optional.of(bytes) : Optional.empty();
                },
                Shapes::sizeText);
    }

    /** So many bytes as one buffer holds. */
    static Shape<Integer> bytes(int min, int max) {
        Shape<Long> size = size(min, max);
        return new Shape<>(
                size.expected(),
                (node, at, problems) -> size.read(node, at, problems).map(Long::intValue),
                value -> size.write(value.longValue()));
    }

    private static String sizeText(long bytes) {
        for (String unit : List.of("GiB", "MiB", "KiB")) {
            long size = SIZE_UNITS.getOrDefault(unit, 1L);
            if (bytes >= size && bytes % size == 0) {
                return bytes / size + unit;
            }
        }
        return bytes + "B";
    }

    /** A text that the pattern matches wholly. */
    static Shape<String> text(String expected, String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return Shape.scalar(
                expected,
                text -> compiled.matcher(text).matches() ? Optional.of(text) : Optional.empty(),
                Shapes::quoted);
    }

    static Shape<OriginBalance> balance() {
        return Shape.scalar(OriginBalance.EXPECTED, OriginBalance::named, OriginBalance::text);
    }

    static Shape<UnknownHost> unknownHost() {
        return Shape.scalar(
                "page, 404, close, or an absolute http or https URL",
                text -> switch (text) {
                    case "page" -> Optional.of(new UnknownHost.Page());
                    case "404" -> Optional.of(new UnknownHost.NotFound());
                    case "close" -> Optional.of(new UnknownHost.Close());
                    default -> url(text).map(UnknownHost.Redirect::new);
                },
                value -> switch (value) {
                    case UnknownHost.Page page -> "page";
                    case UnknownHost.NotFound notFound -> "404";
                    case UnknownHost.Close close -> "close";
                    case UnknownHost.Redirect redirect -> quoted(redirect.url());
                });
    }

    private static Optional<String> url(String text) {
        boolean isUrl = text.matches("https?://[!-~]{1,2000}");
        return isUrl
                ? parsed(text, URI::create).filter(uri -> uri.getHost() != null).map(URI::toString)
                : Optional.empty();
    }

    static Shape<Path> path(String expected) {
        return Shape.scalar(expected, text -> parsed(text, Path::of), value -> quoted(value.toString()));
    }

    static Shape<InetAddress> address() {
        return Shape.scalar("an IPv4 or IPv6 address", HostPort::address, value -> quoted(HostPort.bareText(value)));
    }

    /** One that visitors can reach a host by: none that stands for all of them, or for many hosts. */
    static Shape<InetAddress> hostAddress() {
        return Shape.scalar(
                "the IPv4 or IPv6 address of a host",
                text -> HostPort.address(text)
                        .filter(address -> !address.isAnyLocalAddress() && !address.isMulticastAddress()),
                value -> quoted(HostPort.bareText(value)));
    }

    /** Degrees. */
    static Shape<Location> location() {
        return Shape.scalar(
                "latitude and longitude in degrees such as \"52.5,13.4\"",
                text -> {
                    Matcher matcher = LOCATION.matcher(text);
                    if (!matcher.matches()) {
                        return Optional.empty();
                    }
                    double latitude = Double.parseDouble(matcher.group(1));
                    double longitude = Double.parseDouble(matcher.group(2));
                    return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
                            ? Optional.of(new Location(latitude, longitude))
                            : Optional.empty();
                },
                value -> quoted(value.latitude() + "," + value.longitude()));
    }

    static Shape<Cidr> network() {
        return Shape.scalar(
                "an address or network such as 127.0.0.0/8",
                text -> parsed(text, Cidr::of),
                value -> '"' + value.toString() + '"');
    }

    static Shape<ClientPorts> clientPorts() {
        Shape<List<Integer>> ports = listOf(number(1, HostPort.PORT_MAX), 1);
        return new Shape<>(
                ports.expected(),
                (node, at, problems) -> ports.read(node, at, problems).map(ClientPorts::of),
                value -> ports.write(value.list()));
    }

    static Shape<HostPort> hostPort() {
        return Shape.scalar(
                "an address and port such as 192.0.2.1:80 or [2001:db8::1]:80",
                HostPort::parse,
                value -> quoted(value.toString()));
    }

    static Shape<DomainName> domainName() {
        return Shape.scalar(
                "a host name",
                text -> parsed(text, DomainName::of).filter(name -> !name.isRoot() && name.isHostName()),
                value -> quoted(value.toString()));
    }

    static <T> Shape<List<T>> listOf(Shape<T> item, int sizeMin) {
        return listOf(item, sizeMin, (value, before) -> Optional.empty());
    }

    /** @param clash what is wrong with an item beside those before it */
    static <T> Shape<List<T>> listOf(Shape<T> item, int sizeMin, BiFunction<T, List<T>, Optional<String>> clash) {
        String expected = "a list" + (sizeMin > 0 ? " of at least " + sizeMin : "") + ", each " + item.expected();
        return new Shape<>(
                expected,
                (node, at, problems) -> {
                    if (!(node instanceof YamlNode.Sequence sequence)
                            || sequence.items().size() < sizeMin) {
                        problems.mismatch(node, at, expected);
                        return Optional.empty();
                    }
                    List<T> values = new ArrayList<>();
                    for (int i = 0; i < sequence.items().size(); i++) {
                        YamlNode part = sequence.items().get(i);
                        String where = at + "[" + i + "]";
                        Optional<T> value = item.read(part, where, problems);
                        Optional<String> wrong = value.flatMap(found -> clash.apply(found, values));
                        wrong.ifPresent(message -> problems.add(part.line(), where, message));
                        value.filter(found -> wrong.isEmpty()).ifPresent(values::add);
                    }
                    return Optional.of(List.copyOf(values));
                },
                values -> values.stream().map(item::write).collect(Collectors.joining(", ", "[", "]")));
    }

    /** A map from one scalar to another. */
    static <K, V> Shape<Map<K, V>> mapOf(Shape<K> key, Shape<V> value) {
        String expected = "a map from " + key.expected() + " to " + value.expected();
        return new Shape<>(
                expected,
                (node, at, problems) -> {
                    if (!(node instanceof YamlNode.Mapping mapping)) {
                        problems.mismatch(node, at, expected);
                        return Optional.empty();
                    }
                    Map<K, V> entries = new LinkedHashMap<>();
                    mapping.entries().forEach((k, v) -> {
                        Optional<K> readKey = key.read(new YamlNode.Scalar(v.line(), k), at + "." + k, problems);
                        Optional<V> readValue = value.read(v, at + "." + k, problems);
                        if (readKey.isPresent() && readValue.isPresent()) {
                            entries.put(readKey.get(), readValue.get());
                        }
                    });
                    return Optional.of(Map.copyOf(entries));
                },
                values -> values.entrySet().stream()
                        .map(e -> key.write(e.getKey()) + ": " + value.write(e.getValue()))
                        .sorted()
                        .collect(Collectors.joining(", ", "{", "}")));
    }

    /** A value that may be left out: empty in the file, empty here. */
    static <T> Shape<Optional<T>> maybe(Shape<T> shape) {
        return new Shape<>(
                shape.expected() + ", or nothing",
                (node, at, problems) -> {
                    if (node instanceof YamlNode.Scalar scalar && scalar.text().isEmpty()) {
                        return Optional.of(Optional.empty());
                    }
                    Optional<T> value = shape.read(node, at, problems);
                    return value.isPresent() ? Optional.of(value) : Optional.empty();
                },
                value -> value.map(shape::write).orElse(""));
    }

    /** What a reader that throws makes of the text; nothing where it throws. */
    private static <T> Optional<T> parsed(String text, Function<String, T> reader) {
        try {
            return Optional.of(reader.apply(text));
        } catch (IllegalArgumentException e) { // InvalidPathException and InvalidNameException are such
            return Optional.empty();
        }
    }

    /** Quotes where YAML would read something else than the text. */
    private static String quoted(String text) {
        return text.matches("[A-Za-z./][A-Za-z0-9_./-]*|\\d{1,3}(\\.\\d{1,3}){3}(:\\d+|/\\d+)?")
                ? text
                : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
