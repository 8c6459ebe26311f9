package io.anycastle.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** What a node's API answered. */
public record Answer(int status, HttpHeaders headers, String text) {
    static Answer of(HttpResponse<String> response) {
        return new Answer(response.statusCode(), response.headers(), response.body());
    }

    /** This, if it is no refusal. */
    public Answer done() {
        assertThat(status).as(text).isEqualTo(200);
        return this;
    }

    public JsonObject json() {
        return new JsonObject(text);
    }

    /** The result object. */
    public JsonObject result() {
        return json().getJsonObject("result");
    }

    public List<JsonObject> results() {
        return objects(json().getJsonArray("result"));
    }

    public JsonObject info() {
        return json().getJsonObject("result_info");
    }

    /** The codes of {@code errors}, in order. */
    public List<Integer> codes() {
        return objects(json().getJsonArray("errors")).stream()
                .map(error -> error.getInteger("code"))
                .toList();
    }

    /** Where in the request its mistakes are, in order. */
    public List<String> pointers() {
        return sources("errors").stream()
                .map(source -> source.getString("pointer"))
                .toList();
    }

    /** The lines of a file that {@code errors} or {@code messages} are about, in order. */
    public List<Integer> lines(String list) {
        return sources(list).stream().map(source -> source.getInteger("line")).toList();
    }

    private List<JsonObject> sources(String list) {
        return objects(json().getJsonArray(list)).stream()
                .map(said -> said.getJsonObject("source"))
                .toList();
    }

    /** The texts of {@code messages}, in order. */
    public List<String> messages() {
        return objects(json().getJsonArray("messages")).stream()
                .map(message -> message.getString("message"))
                .toList();
    }

    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    public static List<JsonObject> objects(JsonArray array) {
        List<JsonObject> objects = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            objects.add(array.getJsonObject(i));
        }
        return objects;
    }
}
