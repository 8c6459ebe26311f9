package io.anycastle.core.rdata;

import io.anycastle.core.model.Rdata;
import io.anycastle.core.rdata.ContentTokens.Token;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * SVCB and HTTPS (RFC 9460): {@code 1 . alpn="h3,h2"}, a priority, a target and parameters. The priority may be given beside the content, but
 * is stored in it.
 */
final class ServiceBindingForm implements ContentForm {
    private static final NumberField PRIORITY = FieldsForm.PRIORITY;
    private static final NameField TARGET = new NameField("target", true);
    private static final String VALUE = "value";

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
            throw InvalidContentException.content(content, "expected <target> <parameters>, like . alpn=\"h3,h2\"");
        }
        if (priority.isEmpty()) {
            throw InvalidContentException.content(
                    content,
                    "expected <priority> <target> <parameters>, like 1 . alpn=\"h3,h2\", or the priority given beside the content");
        }
        String parameters = words.size() > 1 ? content.substring(words.get(1).start()) : "";
        try {
            return stored(priority.getAsInt(), TARGET.fromWord(words.get(0).raw(), names), parameters(parameters));
        } catch (InvalidFieldException e) {
            throw InvalidContentException.content(content, e.rule());
        }
    }

    private static boolean isNumber(String word) {
        return !word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static OptionalInt priority(String given, String word) {
        try {
            return OptionalInt.of(PRIORITY.fromWord(word, TargetNames.ABSOLUTE));
        } catch (InvalidFieldException e) {
            throw InvalidContentException.content(given, "priority: " + e.rule());
        }
    }

    private static ServiceParameters parameters(String spelled) {
        try {
            return ServiceParameters.read(spelled);
        } catch (InvalidFieldException e) {
            throw new InvalidFieldException("expected parameters like alpn=\"h3,h2\" port=\"8443\": " + e.rule());
        }
    }

    /** Those of data that was checked. */
    static ServiceParameters parameters(byte[] octets) {
        ByteBuffer wire = ByteBuffer.wrap(octets);
        PRIORITY.read(wire);
        TARGET.read(wire);
        return ServiceParameters.read(wire);
    }

    @Override
    public RecordContent fromOctets(byte[] octets) {
        ByteBuffer wire = ByteBuffer.wrap(octets);
        int priority = PRIORITY.read(wire);
        String target = TARGET.read(wire);
        return stored(priority, target, ServiceParameters.read(wire));
    }

    @Override
    public RecordContent fromData(Map<String, Object> data, OptionalInt given, TargetNames names) {
        Object target = data.get(TARGET.key());
        if (target == null) {
            throw InvalidContentException.of("data.target", "", "expected " + TARGET.expected());
        }
        Optional<Object> inside = Optional.ofNullable(data.get(PRIORITY.key()));
        if (inside.isEmpty() && given.isEmpty()) {
            throw InvalidContentException.of(PRIORITY.key(), "", "expected " + PRIORITY.expected());
        }
        try {
            int priority = inside.isPresent() ? PRIORITY.fromValue(inside.get(), names) : given.orElseThrow();
            String parameters = data.getOrDefault(VALUE, "").toString();
            return stored(priority, TARGET.fromValue(target, names), parameters(parameters));
        } catch (InvalidFieldException e) {
            throw InvalidContentException.of("data", data.toString(), e.rule());
        }
    }

    @Override
    public Map<String, Object> data(RecordContent stored) {
        String[] parts = stored.text().split(" ", 3);
        Map<String, Object> data = new LinkedHashMap<>();
        data.put(PRIORITY.key(), PRIORITY.fromWord(parts[0], TargetNames.ABSOLUTE));
        data.put(TARGET.key(), parts[1]);
        data.put(VALUE, parts.length < 3 ? "" : parts[2]);
        return data;
    }

    @Override
    public String masterFileText(RecordContent stored) {
        String[] parts = stored.text().split(" ", 3);
        return parts[0] + " " + NameField.absolute(parts[1]) + (parts.length < 3 ? "" : " " + parts[2]);
    }

    private static RecordContent stored(int priority, String target, ServiceParameters parameters) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream(64);
        PRIORITY.write(priority, wire);
        TARGET.write(target, wire);
        wire.writeBytes(parameters.wire());
        String text = priority + " " + target + " " + parameters.text();
        return new RecordContent(text.stripTrailing(), OptionalInt.empty(), Rdata.of(wire.toByteArray()));
    }
}
