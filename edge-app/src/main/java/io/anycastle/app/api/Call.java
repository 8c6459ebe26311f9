package io.anycastle.app.api;

import io.vertx.core.MultiMap;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A call as an endpoint sees it, its body already read.
 *
 * @param upload where the body of an upload lies; gone when the call is answered
 */
record Call(
        String path,
        Map<String, String> pathParameters,
        Query query,
        MultiMap headers,
        Body body,
        Optional<Path> upload) {
    String pathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalStateException("the route has no " + name);
        }
        return value;
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}
