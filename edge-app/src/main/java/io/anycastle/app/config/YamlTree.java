package io.anycastle.app.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Reads one YAML document into nodes with line numbers; keys given twice are problems. */
final class YamlTree {
    private final JsonParser parser;
    private final Problems problems;

    private YamlTree(JsonParser parser, Problems problems) {
        this.parser = parser;
        this.problems = problems;
    }

    /** The document's root; an empty mapping when there is none or it cannot be read. */
    static YamlNode read(Reader text, Problems problems) {
        try (JsonParser parser = new YAMLFactory().createParser(text)) {
            return new YamlTree(parser, problems).document();
        } catch (JsonProcessingException e) {
            tell(e, problems);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new YamlNode.Mapping(1, Map.of());
    }

    private static void tell(JsonProcessingException e, Problems problems) {
        if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
            Mark at = marked.getProblemMark();
            Mark from = marked.getContextMark();
            String inside = marked.getContext() == null || from == null
                    ? ""
                    : " (" + marked.getContext() + " that begins in line " + (from.getLine() + 1) + ")";
            problems.at(at.getLine() + 1, at.getColumn() + 1, "not readable as YAML: " + marked.getProblem() + inside);
            return;
        }
        JsonLocation at = e.getLocation();
        String message =
                String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("bad syntax");
        problems.at(
                at == null ? 1 : at.getLineNr(), at == null ? 1 : at.getColumnNr(), "not readable as YAML: " + message);
    }

    private YamlNode document() throws IOException {
        JsonToken token = parser.nextToken();
        if (token == null || token == JsonToken.VALUE_NULL) {
            return new YamlNode.Mapping(1, Map.of());
        }
        YamlNode root = node(token);
        if (parser.nextToken() != null) {
            problems.add(parser.currentTokenLocation().getLineNr(), "", "a second document; expected one");
        }
        return root;
    }

    private YamlNode node(JsonToken token) throws IOException {
        int line = parser.currentTokenLocation().getLineNr();
        return switch (token) {
            case START_OBJECT -> mapping(line);
            case START_ARRAY -> sequence(line);
            case VALUE_NULL -> new YamlNode.Scalar(line, "");
            default -> new YamlNode.Scalar(line, parser.getText());
        };
    }

    private YamlNode mapping(int line) throws IOException {
        Map<String, YamlNode> entries = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            int keyLine = parser.currentTokenLocation().getLineNr();
            YamlNode value = node(parser.nextToken());
            if (entries.putIfAbsent(key, value) != null) {
                problems.add(keyLine, key, "given twice");
            }
        }
        return new YamlNode.Mapping(line, entries);
    }

    private YamlNode sequence(int line) throws IOException {
        List<YamlNode> items = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            items.add(node(token));
        }
        return new YamlNode.Sequence(line, items);
    }
}
