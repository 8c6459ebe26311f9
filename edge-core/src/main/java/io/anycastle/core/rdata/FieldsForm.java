package io.anycastle.core.rdata;

import io.anycastle.core.model.FieldError;
import io.anycastle.core.model.FieldError.Kind;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.rdata.ContentTokens.Token;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Content that is a row of fields; most types are. */
final class FieldsForm implements ContentForm {
    /** Whether a priority precedes the fields, and whether the API's {@code data} object repeats it. */
    enum Priority {
        NONE,
        TOP_LEVEL,
        IN_DATA
    }

    static final NumberField PRIORITY = NumberField.sixteenBits("priority");

    private final Priority priority;
    private final boolean hasData;
    private final List<FieldForm> fields;

    FieldsForm(Priority priority, boolean hasData, List<FieldForm> fields) {
        this.priority = priority;
        this.hasData = hasData;
        this.fields = fields;
    }

    @Override
    public boolean hasData() {
        return hasData;
    }

    @Override
    public boolean hasPriority() {
        return priority != Priority.NONE;
    }

    @Override
    public RecordContent fromContent(String content, OptionalInt given, TargetNames names) {
        List<Token> words = ContentTokens.split(content);
        Reading reading = new Reading("content", content);
        OptionalInt leading = OptionalInt.empty();
        if (hasPriority() && words.size() == fields.size() + 1) {
            leading = reading.priority(words.removeFirst().raw());
        }
        FieldForm last = fields.getLast();
        int least = fields.size() - (last.isOptional() ? 1 : 0);
        if (words.size() < least || (words.size() > fields.size() && !last.isTail())) {
            throw InvalidContentException.content(content, expected());
        }
        for (int i = 0; i < fields.size(); i++) {
            FieldForm field = fields.get(i);
            String raw = raw(field, i, words, content);
            reading.take(field, () -> field.fromWord(raw, names));
        }
        return reading.content(leading.isPresent() ? leading : given);
    }

    /** The field's word, or of a tail all that is left. */
    private static String raw(FieldForm field, int at, List<Token> words, String content) {
        if (at >= words.size()) {
            return "";
        }
        return field.isTail()
                ? content.substring(words.get(at).start())
                : words.get(at).raw();
    }

    @Override
    public RecordContent fromOctets(byte[] octets) {
        ByteBuffer wire = ByteBuffer.wrap(octets);
        OptionalInt leading = hasPriority() ? OptionalInt.of(PRIORITY.read(wire)) : OptionalInt.empty();
        Map<String, Object> values = new LinkedHashMap<>();
        for (FieldForm field : fields) {
            try {
                Object value = field.read(wire);
                field.checkAgainst(values, value);
                values.put(field.key(), value);
            } catch (InvalidFieldException e) {
                throw new InvalidFieldException(field.key() + ": " + e.rule());
            }
        }
        if (wire.hasRemaining()) {
            throw new InvalidFieldException("there are " + wire.remaining() + " octets behind the last field");
        }
        return content(leading, values);
    }

    @Override
    public RecordContent fromData(Map<String, Object> data, OptionalInt given, TargetNames names) {
        if (!hasData) {
            return ContentForm.super.fromData(data, given, names);
        }
        Reading reading = new Reading("data", "");
        Object inside = data.get(PRIORITY.key());
        OptionalInt leading = hasPriority() && inside != null ? reading.priority(inside) : OptionalInt.empty();
        for (FieldForm field : fields) {
            Object value = data.get(field.key());
            if (value == null) {
                reading.refuse(field, "", "expected " + field.expected());
            } else {
                reading.value = value.toString();
                reading.take(field, () -> field.fromValue(value, names));
            }
        }
        return reading.content(leading.isPresent() ? leading : given);
    }

    @Override
    public Map<String, Object> data(RecordContent stored) {
        Map<String, Object> data = new LinkedHashMap<>();
        if (hasData) {
            if (priority == Priority.IN_DATA) {
                stored.priority().ifPresent(p -> data.put(PRIORITY.key(), p));
            }
            List<Token> words = ContentTokens.split(stored.text());
            for (int i = 0; i < fields.size(); i++) {
                FieldForm field = fields.get(i);
                data.put(field.key(), field.fromWord(raw(field, i, words, stored.text()), TargetNames.ABSOLUTE));
            }
        }
        return data;
    }

    @Override
    public String masterFileText(RecordContent stored) {
        List<String> words = new ArrayList<>();
        stored.priority().ifPresent(p -> words.add(Integer.toString(p)));
        List<Token> tokens = ContentTokens.split(stored.text());
        for (int i = 0; i < fields.size(); i++) {
            FieldForm field = fields.get(i);
            String text = field.text(field.fromWord(raw(field, i, tokens, stored.text()), TargetNames.ABSOLUTE));
            words.add(field instanceof NameField ? NameField.absolute(text) : text);
        }
        return String.join(" ", words).stripTrailing();
    }

    /** What a whole content looks like, for the message that words are missing or too many. */
    private String expected() {
        return fields.size() == 1 && !hasPriority()
                ? "expected " + fields.getFirst().expected()
                : "expected " + form();
    }

    /** The words by name, the priority first. */
    private String form() {
        return Stream.concat(hasPriority() ? Stream.of(PRIORITY) : Stream.of(), fields.stream())
                .map(field -> "<" + field.key() + ">")
                .collect(Collectors.joining(" "));
    }

    /** One content being read: values so far, and every error so far. */
    private final class Reading {
        private final String source;
        private String value;
        private boolean priorityRefused;
        private final Map<String, Object> values = new LinkedHashMap<>();
        private final List<FieldError> errors = new ArrayList<>(0);

        Reading(String source, String value) {
            this.source = source;
            this.value = value;
        }

        void take(FieldForm field, java.util.function.Supplier<Object> read) {
            try {
                Object got = read.get();
                field.checkAgainst(values, got);
                values.put(field.key(), got);
            } catch (InvalidFieldException e) {
                refuse(field, value, e.rule());
            }
        }

        OptionalInt priority(Object raw) {
            try {
                return OptionalInt.of(PRIORITY.fromValue(raw, TargetNames.ABSOLUTE));
            } catch (InvalidFieldException e) {
                priorityRefused = true;
                refuse(PRIORITY, value.isEmpty() ? raw.toString() : value, e.rule());
                return OptionalInt.empty();
            }
        }

        void refuse(FieldForm field, String given, String rule) {
            boolean inContent = source.equals("content");
            String name = inContent ? source : source + "." + field.key();
            String said = inContent && (fields.size() > 1 || field.equals(PRIORITY)) ? field.key() + ": " + rule : rule;
            errors.add(new FieldError(name, given, said, Kind.INVALID_CONTENT));
        }

        RecordContent content(OptionalInt effective) {
            if (hasPriority() && effective.isEmpty() && !priorityRefused) {
                errors.add(missingPriority());
            }
            if (!errors.isEmpty()) {
                throw new InvalidContentException(errors);
            }
            return FieldsForm.this.content(hasPriority() ? effective : OptionalInt.empty(), values);
        }

        /** Content without one lacks a word; data, a field. */
        private FieldError missingPriority() {
            boolean inContent = source.equals("content");
            return new FieldError(
                    inContent ? source : "priority",
                    inContent ? value : "",
                    "expected "
                            + (inContent ? form() + ", or the priority given beside the content" : PRIORITY.expected()),
                    Kind.INVALID_CONTENT);
        }
    }

    private RecordContent content(OptionalInt effective, Map<String, Object> values) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream(64);
        List<String> words = new ArrayList<>(fields.size());
        effective.ifPresent(p -> PRIORITY.write(p, wire));
        for (FieldForm field : fields) {
            Object got = java.util.Objects.requireNonNull(values.get(field.key()));
            field.write(got, wire);
            words.add(field.text(got));
        }
        return new RecordContent(String.join(" ", words).stripTrailing(), effective, Rdata.of(wire.toByteArray()));
    }
}
