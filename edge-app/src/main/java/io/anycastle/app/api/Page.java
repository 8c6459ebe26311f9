package io.anycastle.app.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;

/** One page of a list, with the counts that clients page by; a page past the end is empty. */
record Page(JsonArray items, int number, int size, int total) {
    /** Which page is asked for, from 1, and how many objects it may hold. */
    record Wanted(int number, int size) {
        static Wanted of(Query query, int sizeDefault, int sizeMax) {
            int number = query.number("page", 1);
            int size = Math.min(query.number("per_page", sizeDefault), sizeMax);
            return new Wanted(number, size);
        }

        <T> Page of(List<T> all, Function<T, JsonObject> json) {
            long from = Math.min((number - 1L) * size, all.size());
            long to = Math.min(from + size, all.size());
            JsonArray items = new JsonArray();
            all.subList((int) from, (int) to).forEach(one -> items.add(json.apply(one)));
            return new Page(items, number, size, all.size());
        }
    }

    JsonObject resultInfo() {
        return new JsonObject()
                .put("page", number)
                .put("per_page", size)
                .put("count", items.size())
                .put("total_count", total)
                .put("total_pages", (total + size - 1) / size);
    }
}
