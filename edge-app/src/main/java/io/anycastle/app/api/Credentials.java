package io.anycastle.app.api;

import io.anycastle.app.api.ApiError.Detail;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Decides from the headers whether a call may go on; the refusals are those that clients give hints on. */
final class Credentials {
    private static final Pattern TOKEN = Pattern.compile("[0-9A-Za-z_-]{40,80}");
    private static final Pattern KEY = Pattern.compile("[0-9A-Za-z_-]{37,80}");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s]{1,128}@[^@\\s]{1,128}");

    private final AdminToken token;
    private final FailedLogins failures;

    Credentials(AdminToken token, FailedLogins failures) {
        this.token = token;
        this.failures = failures;
    }

    /** Empty when the caller is known. The token serves as legacy key too, with any email, and as service key. */
    Optional<ApiError> check(MultiMap headers, String path, String client) {
        String authorization = headers.get("Authorization");
        if (authorization != null) {
            return checkBearer(authorization, path, client);
        }
        String key = headers.get("X-Auth-Key");
        String email = headers.get("X-Auth-Email");
        if (key == null || email == null) {
            String serviceKey = headers.get("X-Auth-User-Service-Key");
            return serviceKey != null
                    ? checkServiceKey(serviceKey, path, client)
                    : Optional.of(ApiError.of(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers"));
        }
        if (!KEY.matcher(key).matches()) {
            return Optional.of(malformed(6103, "Invalid format for X-Auth-Key header"));
        }
        if (!EMAIL.matcher(email).matches()) {
            return Optional.of(malformed(6102, "Invalid format for X-Auth-Email header"));
        }
        return token.matches(key)
                ? Optional.empty()
                : Optional.of(refused(ApiError.of(403, 9103, "Unknown X-Auth-Key or X-Auth-Email"), client));
    }

    private Optional<ApiError> checkServiceKey(String key, String path, String client) {
        if (!KEY.matcher(key).matches()) {
            return Optional.of(malformed(6103, "Invalid format for X-Auth-User-Service-Key header"));
        }
        return token.matches(key) ? Optional.empty() : Optional.of(refused(wrongToken(path), client));
    }

    private Optional<ApiError> checkBearer(String authorization, String path, String client) {
        String[] words = authorization.strip().split("\\s+", 2);
        boolean isBearer = words.length == 2
                && words[0].equalsIgnoreCase("Bearer")
                && TOKEN.matcher(words[1]).matches();
        if (!isBearer) {
            return Optional.of(malformed(6111, "Invalid format for Authorization header"));
        }
        if (token.matches(words[1])) {
            return Optional.empty();
        }
        return Optional.of(refused(wrongToken(path), client));
    }

    private static ApiError wrongToken(String path) {
        if (path.startsWith("/client/v4/accounts/")) {
            return ApiError.of(401, 10000, "Authentication error");
        }
        return path.endsWith("/tokens/verify")
                ? ApiError.of(401, 1000, "Invalid API Token")
                : ApiError.of(403, 9109, "Invalid access token");
    }

    private static ApiError malformed(int code, String message) {
        return new ApiError(
                400,
                List.of(new Detail(6003, "Invalid request headers", List.of(new Detail(code, message)), "")),
                Map.of());
    }

    private ApiError refused(ApiError error, String client) {
        int wait = failures.failed(client);
        return wait == 0 ? error : ApiError.tooManyAttempts(wait);
    }
}
