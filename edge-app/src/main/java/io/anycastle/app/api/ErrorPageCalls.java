package io.anycastle.app.api;

import io.anycastle.core.model.Document;
import io.anycastle.core.model.ErrorPages;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.change.Edit;
import io.anycastle.proxy.reply.EdgeError;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code /zones/{id}/custom_pages}: a zone's own pages for errors, each under the number of its error or a class of them. */
final class ErrorPageCalls {
    private static final String STATE = "state";
    private static final String DEFAULT = "default";

    private final Changes changes;
    private final SitePageRules rules;

    ErrorPageCalls(Changes changes, SitePageRules rules) {
        this.changes = changes;
        this.rules = rules;
    }

    /** Those that the zone has, without what they say. */
    ApiReply list(Call call) {
        ZoneState zone = changes.zone(call);
        JsonArray pages = new JsonArray();
        zone.documents().keySet().stream()
                .filter(key -> key.startsWith(ErrorPages.PREFIX))
                .map(key -> key.substring(ErrorPages.PREFIX.length()))
                .sorted()
                .forEach(subject -> {
                    JsonObject page = json(zone, subject);
                    page.put("bytes", page.getString(ErrorPages.HTML).getBytes(StandardCharsets.UTF_8).length);
                    page.remove(ErrorPages.HTML);
                    pages.add(page);
                });
        return new ApiReply.Result(pages, etag(zone));
    }

    ApiReply read(Call call) {
        ZoneState zone = changes.zone(call);
        return new ApiReply.Result(json(zone, subject(call)), etag(zone));
    }

    /** Takes the page in {@code html}; {@code "state":"default"} takes it away again. */
    ApiReply put(Call call) {
        String subject = subject(call);
        Optional<String> page = call.body().all(this::page);
        return changes.rework(call, zone -> edits(zone, subject, page), zone -> json(zone, subject));
    }

    ApiReply reset(Call call) {
        String subject = subject(call);
        return changes.rework(call, zone -> edits(zone, subject, Optional.empty()), zone -> json(zone, subject));
    }

    private Optional<String> page(Body body) {
        body.only(List.of(STATE, ErrorPages.HTML, "url"));
        if (body.has("url")) {
            body.mistake("url", "this edge fetches no pages: give the page itself in html");
        }
        if (body.text(STATE).filter(DEFAULT::equals).isPresent()) {
            return Optional.empty();
        }
        if (body.text(STATE).filter(state -> !state.equals("customized")).isPresent()) {
            body.mistake(STATE, "expected customized or default");
        }
        body.requiredText(ErrorPages.HTML);
        return rules.page(body, ErrorPages.HTML);
    }

    /** What the page is for, by the path. */
    private static String subject(Call call) {
        String text = call.pathParameter("page");
        return ErrorPages.subject(text)
                .filter(ErrorPageCalls::isAnswered)
                .orElseThrow(() -> new ApiException(ApiError.invalid(
                        "page", "the edge answers no error '" + text + "': expected one of " + subjects())));
    }

    private static boolean isAnswered(String subject) {
        return errors().anyMatch(subject::equals);
    }

    private static String subjects() {
        return errors().collect(Collectors.joining(", "));
    }

    private static Stream<String> errors() {
        return Arrays.stream(EdgeError.values())
                .map(EdgeError::code)
                .flatMap(code -> Stream.of(ErrorPages.classOf(code), String.valueOf(code)))
                .distinct()
                .sorted();
    }

    private static List<Edit> edits(ZoneState zone, String subject, Optional<String> page) {
        String key = ErrorPages.PREFIX + subject;
        Optional<String> wanted =
                page.map(html -> new JsonObject().put(ErrorPages.HTML, html).encode());
        if (zone.document(key).flatMap(Document::json).equals(wanted)) {
            return List.of();
        }
        return List.of(wanted.<Edit>map(json -> new Edit.PutDocument(key, json))
                .orElseGet(() -> new Edit.DeleteDocument(key)));
    }

    private static JsonObject json(ZoneState zone, String subject) {
        Optional<Document> page = zone.document(ErrorPages.PREFIX + subject);
        return new JsonObject()
                .put("id", subject)
                .put(STATE, page.isPresent() ? "customized" : DEFAULT)
                .put(
                        ErrorPages.HTML,
                        page.flatMap(Document::json).map(ErrorPages::html).orElse(null))
                .put("modified_on", RecordJson.time(page));
    }

    private static Map<String, String> etag(ZoneState zone) {
        return Map.of("ETag", ZoneVersion.etag(zone.zone().version()));
    }
}
