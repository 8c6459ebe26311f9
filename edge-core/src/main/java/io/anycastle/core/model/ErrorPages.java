package io.anycastle.core.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A zone's own pages for errors: for one error by its number, as 521, or for a class of them, as 5xx or 1xxx. Each is stored as a
 * document beside the zone, and taken apart when it is wanted first. Immutable to who uses it; any thread.
 */
public final class ErrorPages {
    /** Leads the keys of the documents; behind it stands what the page is for. */
    public static final String PREFIX = "proxy/pages/";

    /** The document's field that holds the page. */
    public static final String HTML = "html";

    public static final ErrorPages NONE = new ErrorPages(Map.of());

    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{2,3}");
    private static final Pattern CLASS = Pattern.compile("[1-9](xx|xxx)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> texts;
    private final Map<String, PageTemplate> read = new ConcurrentHashMap<>();

    private ErrorPages(Map<String, String> texts) {
        this.texts = Map.copyOf(texts);
    }

    /** Those among a zone's documents. */
    static ErrorPages of(Map<String, Document> documents) {
        Map<String, String> texts = new HashMap<>();
        documents.forEach((key, document) -> {
            if (key.startsWith(PREFIX)) {
                document.json().ifPresent(json -> texts.put(key.substring(PREFIX.length()), json));
            }
        });
        return texts.isEmpty() ? NONE : new ErrorPages(texts);
    }

    /** The name of the errors that a page can be for: a number or a class; empty for anything else. */
    public static Optional<String> subject(String text) {
        return switch (text) {
            case "500_errors" -> Optional.of("5xx"); // as Cloudflare calls them
            case "1000_errors" -> Optional.of("1xxx");
            default ->
                NUMBER.matcher(text).matches() || CLASS.matcher(text).matches() ? Optional.of(text) : Optional.empty();
        };
    }

    /** The class that a number lies in. */
    public static String classOf(int number) {
        return number < 1000 ? number / 100 + "xx" : number / 1000 + "xxx";
    }

    boolean isEmpty() {
        return texts.isEmpty();
    }

    /** The page for the error of that number: its own, else that of its class. */
    public Optional<PageTemplate> page(int number) {
        if (isEmpty()) {
            return Optional.empty();
        }
        String own = Integer.toString(number);
        String subject = texts.containsKey(own) ? own : classOf(number);
        String json = texts.get(subject);
        return json == null
                ? Optional.empty()
                : Optional.of(read.computeIfAbsent(subject, wanted -> PageTemplate.of(html(json))));
    }

    /** The page that a document's text holds. */
    public static String html(String json) {
        try {
            JsonNode html = JSON.readTree(json).path(HTML);
            return html.isTextual() ? html.textValue() : "";
        } catch (JsonProcessingException e) {
            return "";
        }
    }
}
