package io.anycastle.core.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a user wants said of how an origin is asked, before anything is checked. What is absent stays as it is.
 *
 * @param wanted the value for each key that is named; null takes away what was said
 */
public record OriginDraft(Map<OriginKey, JsonNode> wanted) {
    public static final OriginDraft NONE = new OriginDraft(Map.of());

    private static final ObjectMapper JSON = new ObjectMapper();

    public OriginDraft {
        wanted = Map.copyOf(wanted);
    }

    /**
     * Those among the fields of a JSON object; other fields mean nothing.
     *
     * @throws IllegalArgumentException when the text is no JSON
     */
    public static OriginDraft among(String object) {
        Map<OriginKey, JsonNode> wanted = new EnumMap<>(OriginKey.class);
        JsonNode fields = tree(object);
        for (OriginKey key : OriginKey.values()) {
            if (fields.has(key.text())) {
                wanted.put(key, fields.get(key.text()));
            }
        }
        return wanted.isEmpty() ? NONE : new OriginDraft(wanted);
    }

    /** What gives just these to something of which nothing is said. */
    public static OriginDraft of(OriginSettings settings) {
        Map<OriginKey, JsonNode> wanted = new EnumMap<>(OriginKey.class);
        settings.json().forEach((key, text) -> wanted.put(key, tree(text)));
        return wanted.isEmpty() ? NONE : new OriginDraft(wanted);
    }

    /** @throws IllegalArgumentException when the text is no JSON */
    static JsonNode tree(String text) {
        try {
            JsonNode tree = JSON.readTree(text);
            return tree.isMissingNode() ? NullNode.getInstance() : tree;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
        }
    }

    public boolean isEmpty() {
        return wanted.isEmpty();
    }
}
