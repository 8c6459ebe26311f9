package io.anycastle.core.rdata;

import io.anycastle.core.model.AddressText;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.rdata.ContentTokens.Token;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SVCBBase;
import org.xbill.DNS.SVCBRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** SVCB and HTTPS (RFC 9460): a priority, a target and parameters, whose grammar dnsjava knows. */
final class ServiceBindingForm implements ContentForm {
    private static final NameField TARGET = new NameField("target", true);
    private static final String VALUE = "value";

    /** dnsjava reads parameters only behind a priority and a target: these stand in for them. */
    private static final String STAND_IN = "1 . ";

    private static final int STAND_IN_OCTETS = 3;

    @Override
    public boolean hasData() {
        return true;
    }

    @Override
    public boolean hasPriority() {
        return true;
    }

    @Override
    public RecordContent fromContent(String content, OptionalInt given, TargetNames names) {
        List<Token> words = ContentTokens.split(content);
        OptionalInt priority = given;
        if (words.size() > 1
                && isNumber(words.get(0).raw())
                && !words.get(1).raw().contains("=")) {
            priority = priority(content, words.removeFirst().raw());
        }
        if (words.isEmpty()) {
            throw InvalidContent.content(content, "expected <target> <parameters>, like . alpn=\"h3,h2\"");
        }
        if (priority.isEmpty()) {
            throw InvalidContent.content(
                    content,
                    "expected <priority> <target> <parameters>, like 1 . alpn=\"h3,h2\", or the priority given beside the content");
        }
        String parameters = words.size() > 1 ? content.substring(words.get(1).start()) : "";
        try {
            return stored(TARGET.fromWord(words.get(0).raw(), names), parameters, priority);
        } catch (InvalidField e) {
            throw InvalidContent.content(content, e.rule());
        }
    }

    private static boolean isNumber(String word) {
        return !word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static OptionalInt priority(String given, String word) {
        try {
            return OptionalInt.of(FieldsForm.PRIORITY.fromWord(word, TargetNames.ABSOLUTE));
        } catch (InvalidField e) {
            throw InvalidContent.content(given, "priority: " + e.rule());
        }
    }

    @Override
    public RecordContent fromData(Map<String, Object> data, OptionalInt given, TargetNames names) {
        Object target = data.get(TARGET.key());
        if (target == null) {
            throw InvalidContent.of("data.target", "", "expected " + TARGET.expected());
        }
        try {
            Object inside = data.get("priority");
            OptionalInt priority =
                    inside == null ? given : OptionalInt.of(FieldsForm.PRIORITY.fromValue(inside, names));
            Object parameters = data.getOrDefault(VALUE, "");
            return stored(TARGET.fromValue(target, names), parameters.toString(), priority);
        } catch (InvalidField e) {
            throw InvalidContent.of("data", data.toString(), e.rule());
        }
    }

    @Override
    public Map<String, Object> data(RecordContent stored) {
        Map<String, Object> data = new LinkedHashMap<>();
        stored.priority().ifPresent(p -> data.put("priority", p));
        String text = stored.text();
        int blank = text.indexOf(' ');
        data.put(TARGET.key(), blank < 0 ? text : text.substring(0, blank));
        data.put(VALUE, blank < 0 ? "" : text.substring(blank + 1));
        return data;
    }

    @Override
    public String masterFileText(RecordContent stored) {
        String text = stored.text();
        int blank = text.indexOf(' ');
        String target = blank < 0 ? text : text.substring(0, blank);
        String dot = target.equals(".") ? "" : ".";
        return stored.priority().orElseThrow() + " " + target + dot + (blank < 0 ? "" : text.substring(blank));
    }

    private static RecordContent stored(String target, String parameters, OptionalInt priority) {
        if (priority.isEmpty()) {
            throw InvalidContent.of("priority", "", "expected " + FieldsForm.PRIORITY.expected());
        }
        ByteArrayOutputStream wire = new ByteArrayOutputStream(64);
        FieldsForm.PRIORITY.write(priority.getAsInt(), wire);
        wire.writeBytes(DomainName.of(target).wire());
        if (parameters.isBlank()) {
            return new RecordContent(target, priority, Rdata.of(wire.toByteArray()));
        }
        Parameters read = read(parameters);
        wire.writeBytes(read.octets.wire());
        return new RecordContent(target + " " + quoted(read.text), priority, Rdata.of(wire.toByteArray()));
    }

    /** Parameters as dnsjava prints and writes them. */
    private record Parameters(String text, Rdata octets) {}

    /** All of dnsjava's work is done inside: some bad values it notices only when it writes them. */
    private static Parameters read(String parameters) {
        try {
            SVCBRecord read = (SVCBRecord)
                    Record.fromString(Name.root, Type.SVCB, DClass.IN, 0, STAND_IN + parameters, Name.root);
            Set<Integer> keys = read.getSvcParamKeys();
            if (keys.contains(SVCBBase.NO_DEFAULT_ALPN) && !keys.contains(SVCBBase.ALPN)) {
                throw new TextParseException("no-default-alpn wants alpn beside it"); // RFC 9460 section 7.1.1
            }
            byte[] octets = read.rdataToWireCanonical();
            return new Parameters(
                    read.rdataToString().substring(STAND_IN.length()),
                    Rdata.of(Arrays.copyOfRange(octets, STAND_IN_OCTETS, octets.length)));
        } catch (IOException | RuntimeException e) {
            throw new InvalidField("expected parameters like alpn=\"h3,h2\" port=\"8443\"" + reason(e));
        }
    }

    private static String reason(Exception e) {
        if (e instanceof RuntimeException) {
            return "";
        }
        String message = String.valueOf(e.getMessage());
        return ": " + message.substring(message.lastIndexOf(": ") < 0 ? 0 : message.lastIndexOf(": ") + 2);
    }

    /** Each value in quotes, as the API's clients send and compare them. */
    private static String quoted(String parameters) {
        StringBuilder text = new StringBuilder(parameters.length() + 8);
        for (Token word : ContentTokens.split(parameters)) {
            int equals = word.raw().indexOf('=');
            text.append(text.isEmpty() ? "" : " ");
            if (equals < 0) {
                text.append(word.raw());
            } else {
                String key = word.raw().substring(0, equals);
                text.append(key)
                        .append("=\"")
                        .append(value(key, word.raw().substring(equals + 1)))
                        .append('"');
            }
        }
        return text.toString();
    }

    private static String value(String key, String printed) {
        boolean isQuoted = printed.length() > 1 && printed.startsWith("\"") && printed.endsWith("\"");
        String value = isQuoted ? printed.substring(1, printed.length() - 1) : printed;
        if (!key.equals("ipv6hint")) {
            return value;
        }
        return Arrays.stream(value.split(","))
                .map(address -> Addresses.ipv6(address).map(AddressText::of).orElse(address))
                .collect(Collectors.joining(","));
    }
}
