package io.anycastle.core.rdata;

import io.anycastle.core.model.AddressText;
import io.anycastle.core.rdata.ContentTokens.Token;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The parameters of an SVCB or HTTPS record (RFC 9460 section 2.1 and 2.2): octets by key, in the order of the keys. */
record ServiceParameters(SortedMap<Integer, byte[]> values) {
    private static final int MANDATORY = 0;
    private static final int ALPN = 1;
    private static final int NO_DEFAULT_ALPN = 2;
    private static final int PORT = 3;
    private static final int IPV4_HINT = 4;
    private static final int ECH = 5;
    private static final int IPV6_HINT = 6;
    private static final int DOHPATH = 7;
    private static final int OHTTP = 8;

    /** Reserved as an invalid key (section 14.3.2), and as good as any other to name servers. */
    static final int RESERVED = 65535;

    private static final List<String> NAMES =
            List.of("mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath", "ohttp");

    /** Reads words like {@code alpn="h3,h2"}. */
    static ServiceParameters read(String spelled) {
        SortedMap<Integer, byte[]> values = new TreeMap<>();
        for (Token word : ContentTokens.split(spelled)) {
            int equals = word.raw().indexOf('=');
            String spelledKey = equals < 0 ? word.raw() : word.raw().substring(0, equals);
            int key = key(spelledKey);
            String value = equals < 0 ? "" : unquoted(word.raw().substring(equals + 1));
            byte[] octets = spelledKey.equals(name(key)) ? value(key, value) : ContentTokens.unescape(value);
            if (values.putIfAbsent(key, octets) != null) {
                throw new InvalidFieldException("the key " + name(key) + " stands there twice");
            }
        }
        return checked(values);
    }

    /** Reads what is left of the octets. */
    static ServiceParameters read(ByteBuffer wire) {
        SortedMap<Integer, byte[]> values = new TreeMap<>();
        while (wire.hasRemaining()) {
            int key = wire.getShort() & 0xffff;
            byte[] value = new byte[wire.getShort() & 0xffff];
            wire.get(value);
            if (!values.isEmpty() && key <= values.lastKey()) {
                throw new InvalidFieldException("the keys must stand in their order, each once");
            }
            values.put(key, value);
        }
        return checked(values);
    }

    private static ServiceParameters checked(SortedMap<Integer, byte[]> values) {
        if (values.containsKey(NO_DEFAULT_ALPN) && !values.containsKey(ALPN)) {
            throw new InvalidFieldException("no-default-alpn wants alpn beside it"); // RFC 9460 section 7.1.1
        }
        values.forEach((key, value) -> check(key, value, values));
        return new ServiceParameters(values);
    }

    private static void check(int key, byte[] value, SortedMap<Integer, byte[]> values) {
        boolean fits = switch (key) {
            case MANDATORY -> isMandatory(value, values);
            case ALPN -> isStrings(value);
            case NO_DEFAULT_ALPN, OHTTP -> value.length == 0;
            case PORT -> value.length == 2;
            case IPV4_HINT -> value.length > 0 && value.length % 4 == 0;
            case ECH, DOHPATH -> value.length > 0;
            case IPV6_HINT -> value.length > 0 && value.length % 16 == 0;
            default -> true;
        };
        if (!fits) {
            throw new InvalidFieldException(rule(key));
        }
    }

    private static String rule(int key) {
        return switch (key) {
            case MANDATORY -> "mandatory: expected keys that stand beside it, like alpn,port";
            case ALPN -> "alpn: expected names of 1 to 255 octets, like h3,h2";
            case NO_DEFAULT_ALPN, OHTTP -> name(key) + ": expected no value";
            case PORT -> "port: expected a whole number from 0 to 65535";
            case IPV4_HINT -> "ipv4hint: expected IPv4 addresses with commas between";
            case ECH -> "ech: expected base64";
            case IPV6_HINT -> "ipv6hint: expected IPv6 addresses with commas between";
            default -> name(key) + ": expected a value";
        };
    }

    /** Keys in their order, each once, all of them there (RFC 9460 section 8). */
    private static boolean isMandatory(byte[] value, SortedMap<Integer, byte[]> values) {
        int last = MANDATORY;
        for (int i = 0; i + 1 < value.length; i += 2) {
            int key = (value[i] & 255) << 8 | (value[i + 1] & 255);
            if (key <= last || !values.containsKey(key)) {
                return false;
            }
            last = key;
        }
        return value.length > 0 && value.length % 2 == 0;
    }

    private static boolean isStrings(byte[] value) {
        int at = 0;
        while (at < value.length && value[at] != 0) {
            at += 1 + (value[at] & 255);
        }
        return value.length > 0 && at == value.length;
    }

    private static int key(String spelled) {
        int known = NAMES.indexOf(spelled);
        if (known >= 0) {
            return known;
        }
        int key = spelled.matches("key(0|[1-9][0-9]{0,4})") ? Integer.parseInt(spelled.substring(3)) : RESERVED + 1;
        if (key > RESERVED) {
            throw new InvalidFieldException("'" + spelled + "' is no key");
        }
        return key;
    }

    private static String name(int key) {
        return key < NAMES.size() ? NAMES.get(key) : "key" + key;
    }

    private static String unquoted(String value) {
        boolean isQuoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return isQuoted ? value.substring(1, value.length() - 1) : value;
    }

    /** Of a key that is spelled by its number, the value is octets as they are. */
    private static byte[] value(int key, String raw) {
        if (raw.isEmpty()) {
            return new byte[0];
        }
        byte[] octets = ContentTokens.unescape(raw);
        String plain = new String(octets, StandardCharsets.ISO_8859_1);
        try {
            return switch (key) {
                case MANDATORY -> mandatory(plain);
                case ALPN -> strings(octets);
                case PORT -> port(plain);
                case IPV4_HINT, IPV6_HINT -> addresses(key, plain);
                case ECH -> Base64.getDecoder().decode(plain);
                default -> octets;
            };
        } catch (IllegalArgumentException e) {
            throw e instanceof InvalidFieldException field ? field : new InvalidFieldException(rule(key));
        }
    }

    private static byte[] mandatory(String list) {
        List<Integer> keys = new ArrayList<>();
        for (String word : list.split(",", -1)) {
            keys.add(key(word));
        }
        ByteBuffer wire = ByteBuffer.allocate(2 * keys.size());
        keys.stream().sorted().forEach(key -> wire.putShort(key.shortValue()));
        return wire.array();
    }

    /** A comma that is no separator has a backslash, and a backslash too (RFC 9460 appendix A.1). */
    private static byte[] strings(byte[] list) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        ByteArrayOutputStream string = new ByteArrayOutputStream();
        for (int i = 0; i <= list.length; i++) {
            if (i == list.length || list[i] == ',') {
                if (string.size() == 0 || string.size() > 255) {
                    throw new InvalidFieldException(rule(ALPN));
                }
                wire.write(string.size());
                wire.writeBytes(string.toByteArray());
                string.reset();
            } else if (list[i] == '\\' && i + 1 < list.length) {
                string.write(list[++i]);
            } else {
                string.write(list[i]);
            }
        }
        return wire.toByteArray();
    }

    private static byte[] port(String digits) {
        int port = NumberField.sixteenBits("port").fromWord(digits, TargetNames.ABSOLUTE);
        return new byte[] {(byte) (port >> 8), (byte) port};
    }

    private static byte[] addresses(int key, String list) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (String address : list.split(",", -1)) {
            wire.writeBytes((key == IPV4_HINT ? Addresses.ipv4(address) : Addresses.ipv6(address))
                    .orElseThrow(() -> new InvalidFieldException(rule(key))));
        }
        return wire.toByteArray();
    }

    byte[] wire() {
        ByteArrayOutputStream wire = new ByteArrayOutputStream(64);
        values.forEach((key, value) -> {
            wire.writeBytes(
                    new byte[] {(byte) (key >> 8), key.byteValue(), (byte) (value.length >> 8), (byte) value.length});
            wire.writeBytes(value);
        });
        return wire.toByteArray();
    }

    /** Each value in quotes, as the API's clients send and compare them. */
    String text() {
        return values.entrySet().stream().map(ServiceParameters::text).collect(Collectors.joining(" "));
    }

    private static String text(Map.Entry<Integer, byte[]> parameter) {
        int key = parameter.getKey();
        byte[] value = parameter.getValue();
        return name(key) + (value.length == 0 ? "" : "=\"" + text(key, value) + '"');
    }

    private static String text(int key, byte[] value) {
        return switch (key) {
            case MANDATORY -> list(value, 2, part -> name((part[0] & 255) << 8 | (part[1] & 255)));
            case ALPN -> escaped(list(value));
            case PORT -> String.valueOf((value[0] & 255) << 8 | (value[1] & 255));
            case IPV4_HINT -> list(value, 4, AddressText::of);
            case ECH -> Base64.getEncoder().encodeToString(value);
            case IPV6_HINT -> list(value, 16, AddressText::of);
            default -> escaped(value);
        };
    }

    /** Values of equal size, which stand one behind the other. */
    private static String list(byte[] values, int size, Function<byte[], String> text) {
        List<String> texts = new ArrayList<>();
        for (int at = 0; at < values.length; at += size) {
            texts.add(text.apply(Arrays.copyOfRange(values, at, at + size)));
        }
        return String.join(",", texts);
    }

    private static byte[] list(byte[] strings) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (int at = 0; at < strings.length; at += 1 + (strings[at] & 255)) {
            if (at > 0) {
                list.write(',');
            }
            for (int i = at + 1; i <= at + (strings[at] & 255); i++) {
                if (strings[i] == ',' || strings[i] == '\\') {
                    list.write('\\');
                }
                list.write(strings[i]);
            }
        }
        return list.toByteArray();
    }

    private static String escaped(byte[] octets) {
        StringBuilder text = new StringBuilder(octets.length);
        for (byte octet : octets) {
            int c = octet & 255;
            if (c == '"' || c == '\\') {
                text.append('\\').append((char) c);
            } else if (c < 32 || c > 126) {
                text.append(String.format("\\%03d", c));
            } else {
                text.append((char) c);
            }
        }
        return text.toString();
    }
}
