package io.anycastle.core.rdata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.anycastle.core.model.AddressText;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.FieldError;
import io.anycastle.core.model.FieldError.Kind;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.model.OriginBalance;
import io.anycastle.core.model.OriginDraft;
import io.anycastle.core.model.OriginKey;
import io.anycastle.core.model.OriginProxyProtocol;
import io.anycastle.core.model.OriginScheme;
import io.anycastle.core.model.OriginSettings;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks what is wanted of how an origin is asked, and brings it into its stored form. Stateless; any thread. */
public final class OriginParser {
    static final int ROUTES_MAX = 50;
    static final int PATH_CHARS_MAX = 256;
    private static final int PORT_MAX = 65_535;

    private static final Pattern PATH = Pattern.compile("(/([A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+)+/?|/");
    private static final Pattern DOT_SEGMENT = Pattern.compile("/(\\.|%2[eE]){1,2}(/|$)");
    private static final Pattern WITH_PORT = Pattern.compile("(.+):([0-9]{1,5})");
    private static final Pattern LAST_IS_NUMBER = Pattern.compile("(.*\\.)?[0-9]+");
    private static final Form ROUTE = new Form(
            Set.of("path", "origin", "port", "scheme"),
            "expected a route: path and origin, and where they differ port and scheme");
    private static final Form FALLBACK =
            new Form(Set.of("origin", "port", "scheme"), "expected an origin, and where they differ port and scheme");

    private final String at;
    private final Set<InetAddress> edgeAddresses;

    /**
     * A parser for one node's rules.
     *
     * @param at leads the names of fields in errors
     * @param edgeAddresses refused as origins: they lead to the edge itself
     */
    public OriginParser(String at, Set<InetAddress> edgeAddresses) {
        this.at = at;
        this.edgeAddresses = Set.copyOf(edgeAddresses);
    }

    /**
     * What is said then.
     *
     * @param held what is said now; it stays where the draft does not name it
     * @param errors takes everything that is wrong; with any, the result is of no use
     */
    public OriginSettings over(OriginSettings held, OriginDraft draft, List<FieldError> errors) {
        if (draft.isEmpty()) {
            return held;
        }
        Map<OriginKey, String> json = new EnumMap<>(OriginKey.class);
        json.putAll(held.json());
        Reading reading = new Reading(errors);
        draft.wanted().forEach((key, value) -> {
            if (value.isNull()) {
                json.remove(key);
            } else {
                reading.value(key, value).ifPresent(stored -> json.put(key, stored.toString()));
            }
        });
        return OriginSettings.of(json);
    }

    /** What an object that names an origin is made of. */
    private record Form(Set<String> fields, String rule) {}

    /** What single values may be; what breaks a rule is told of. */
    interface Values {
        Optional<JsonNode> number(String field, JsonNode value, int min, int max);

        Optional<JsonNode> host(String field, JsonNode value);

        <T> Optional<T> refuse(String field, JsonNode value, String rule);
    }

    /** One draft being read. */
    private final class Reading implements Values {
        private final List<FieldError> errors;

        Reading(List<FieldError> errors) {
            this.errors = errors;
        }

        Optional<? extends JsonNode> value(OriginKey key, JsonNode value) {
            String field = at + key.text();
            return switch (key) {
                case PORT -> port(field, value);
                case SCHEME -> scheme(field, value);
                case HOST -> host(field, value);
                case SNI -> serverName(field, value);
                case TLS_VERIFY ->
                    value.isBoolean() ? Optional.of(value) : refuse(field, value, "expected true or false");
                case CA -> authority(field, value);
                case ROUTES -> routes(field, value);
                case WEIGHT -> number(field, value, 0, OriginSettings.WEIGHT_MAX);
                case BALANCE -> balance(field, value);
                case FALLBACK ->
                    Optional.of(destination(JsonNodeFactory.instance.objectNode(), field, value, FALLBACK));
                case HEALTH_CHECK -> new HealthCheckForm(field, this).read(value);
                case PROXY_PROTOCOL -> proxyProtocol(field, value);
            };
        }

        private Optional<JsonNode> port(String field, JsonNode value) {
            return number(field, value, 1, PORT_MAX);
        }

        @Override
        public Optional<JsonNode> number(String field, JsonNode value, int min, int max) {
            try {
                int number = value.isNumber() ? value.decimalValue().intValueExact() : -1;
                if (number >= min && number <= max) {
                    return Optional.of(IntNode.valueOf(number));
                }
            } catch (ArithmeticException | NumberFormatException e) {
                // no whole number
            }
            return refuse(field, value, "expected a whole number from " + min + " to " + max);
        }

        private Optional<JsonNode> balance(String field, JsonNode value) {
            Optional<JsonNode> balance =
                    OriginBalance.named(value.asText("")).map(named -> TextNode.valueOf(named.text()));
            return balance.isPresent() ? balance : refuse(field, value, "expected " + OriginBalance.EXPECTED);
        }

        private Optional<JsonNode> proxyProtocol(String field, JsonNode value) {
            Optional<JsonNode> version =
                    OriginProxyProtocol.named(value.asText("")).map(named -> TextNode.valueOf(named.text()));
            return version.isPresent() ? version : refuse(field, value, "expected off or v2");
        }

        private Optional<JsonNode> scheme(String field, JsonNode value) {
            Optional<JsonNode> scheme =
                    OriginScheme.named(value.asText("")).map(named -> TextNode.valueOf(named.text()));
            return scheme.isPresent() ? scheme : refuse(field, value, "expected one of http, https, h2c");
        }

        @Override
        public Optional<JsonNode> host(String field, JsonNode value) {
            String text = value.asText("");
            Matcher withPort = WITH_PORT.matcher(text);
            boolean hasPort =
                    withPort.matches() && (text.startsWith("[") || text.indexOf(':') == text.lastIndexOf(':'));
            String host = hasPort ? withPort.group(1) : text;
            String port = hasPort ? ":" + withPort.group(2) : "";
            boolean isPort = !hasPort || isPort(Integer.parseInt(withPort.group(2)));
            Optional<String> read = bracketed(host).or(() -> name(host)).or(() -> ipv4(host));
            return value.isTextual() && read.isPresent() && isPort
                    ? Optional.of(TextNode.valueOf(read.get() + port))
                    : refuse(
                            field,
                            value,
                            "expected a host name or IP address, IPv6 in brackets, with or without :port");
        }

        private Optional<JsonNode> serverName(String field, JsonNode value) {
            Optional<String> name = value.isTextual() ? name(value.textValue()) : Optional.empty();
            return name.isPresent()
                    ? Optional.of(TextNode.valueOf(name.get()))
                    : refuse(field, value, "expected a host name (RFC 6066 section 3)");
        }

        private Optional<JsonNode> authority(String field, JsonNode value) {
            return switch (CertificateForm.read(value.asText(""))) {
                case CertificateForm.Valid valid -> Optional.of(TextNode.valueOf(valid.pem()));
                case CertificateForm.Invalid invalid ->
                    refuse(field, TextNode.valueOf(invalid.shown()), invalid.rule());
            };
        }

        private Optional<JsonNode> routes(String field, JsonNode value) {
            if (!value.isArray()) {
                return refuse(field, value, "expected a list of routes");
            }
            if (value.size() > ROUTES_MAX) {
                return refuse(field, TextNode.valueOf(value.size() + " routes"), "at most " + ROUTES_MAX + " routes");
            }
            ArrayNode routes = JsonNodeFactory.instance.arrayNode();
            Set<String> paths = new HashSet<>();
            for (int i = 0; i < value.size(); i++) {
                String place = field + "." + i;
                ObjectNode route = route(place, value.get(i));
                routes.add(route);
                if (route.has("path") && !paths.add(route.path("path").textValue())) {
                    refuse(place + ".path", route.path("path"), "another route has this path");
                }
            }
            return Optional.of(routes);
        }

        private ObjectNode route(String place, JsonNode value) {
            ObjectNode route = JsonNodeFactory.instance.objectNode();
            if (value.isObject()) {
                path(place + ".path", value.path("path")).ifPresent(path -> route.put("path", path));
            }
            return destination(route, place, value, ROUTE);
        }

        private ObjectNode destination(ObjectNode route, String place, JsonNode value, Form form) {
            if (!value.isObject()) {
                refuse(place, value, form.rule());
                return route;
            }
            value.fieldNames().forEachRemaining(name -> {
                if (!form.fields().contains(name)) {
                    refuse(place + "." + name, value.path(name), "no such field");
                }
            });
            address(place + ".origin", value.path("origin")).ifPresent(origin -> route.put("origin", origin));
            if (value.hasNonNull("port")) {
                port(place + ".port", value.path("port")).ifPresent(port -> route.set("port", port));
            }
            if (value.hasNonNull("scheme")) {
                scheme(place + ".scheme", value.path("scheme")).ifPresent(scheme -> route.set("scheme", scheme));
            }
            return route;
        }

        private Optional<String> path(String field, JsonNode value) {
            String path = value.asText("");
            boolean isOne = path.length() <= PATH_CHARS_MAX
                    && PATH.matcher(path).matches()
                    && !DOT_SEGMENT.matcher(path).find();
            if (!isOne) {
                refuse(
                        field,
                        value,
                        "expected a path like /api, of at most " + PATH_CHARS_MAX + " characters, without a query");
                return Optional.empty();
            }
            boolean hasEnd = path.length() > 1 && path.endsWith("/");
            return Optional.of(hasEnd ? path.substring(0, path.length() - 1) : path);
        }

        private Optional<String> address(String field, JsonNode value) {
            String text = value.isTextual() ? value.textValue() : "";
            Optional<byte[]> octets = Addresses.ipv4(text).or(() -> Addresses.ipv6(text));
            if (octets.isPresent()) {
                InetAddress address = Addresses.of(octets.get());
                Optional<String> rule =
                        edgeAddresses.contains(address) ? Optional.of(Addresses.OWN) : Addresses.noDestination(address);
                rule.ifPresent(broken -> refuse(field, value, broken));
                return Optional.of(AddressText.of(octets.get()));
            }
            Optional<String> name = name(text);
            if (name.isEmpty()) {
                refuse(field, value, "expected an IP address or a host name; port and scheme have fields of their own");
            }
            return name;
        }

        /** Tells of a value that breaks a rule; a long one is shortened. */
        @Override
        public <T> Optional<T> refuse(String field, JsonNode value, String rule) {
            String shown = value.isTextual() ? value.textValue() : value.isMissingNode() ? "" : value.toString();
            errors.add(new FieldError(field, shown, rule, Kind.INVALID_FIELD));
            return Optional.empty();
        }
    }

    private static boolean isPort(int number) {
        return number > 0 && number <= PORT_MAX;
    }

    private static Optional<String> bracketed(String text) {
        return text.startsWith("[") && text.endsWith("]")
                ? Addresses.ipv6(text.substring(1, text.length() - 1)).map(octets -> "[" + AddressText.of(octets) + "]")
                : Optional.empty();
    }

    private static Optional<String> ipv4(String text) {
        return Addresses.ipv4(text).map(AddressText::of);
    }

    /** Lower case, IDN as they go over the wire, without a final dot. */
    private static Optional<String> name(String text) {
        try {
            DomainName name = DomainName.of(text);
            boolean isHost = name.isHostName()
                    && !name.isRoot()
                    && name.toString().indexOf('*') < 0
                    && !LAST_IS_NUMBER.matcher(name.toString()).matches();
            return isHost ? Optional.of(name.toString()) : Optional.empty();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }
}
