package io.anycastle.app.api;

import io.anycastle.app.api.ApiError.Detail;
import io.anycastle.core.model.FieldError;
import io.anycastle.core.store.change.ChangeOutcome;
import io.anycastle.core.store.change.ChangeOutcome.EditError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** Translates what the store refuses into the codes that clients know. */
final class ChangeErrors {
    private ChangeErrors() {}

    /** @param at where in the request an edit stands, as the front of a JSON pointer; empty for a single record */
    static ApiError invalid(List<EditError> errors, IntFunction<String> at) {
        List<Detail> details = new ArrayList<>();
        for (EditError error : errors) {
            details.addAll(details(error.error(), at.apply(error.edit())));
        }
        return new ApiError(status(errors.getFirst().error().kind()), details, Map.of());
    }

    private static int status(FieldError.Kind kind) {
        return switch (kind) {
            case NO_SUCH_RECORD, NO_SUCH_ZONE -> 404;
            default -> 400;
        };
    }

    /** @param at where in the request the edit stands, as the front of a JSON pointer */
    static List<Detail> details(FieldError error, String at) {
        return switch (error.kind()) {
            case IDENTICAL_RECORD ->
                List.of(
                        new Detail(81058, "An identical record already exists.", List.of(), at),
                        new Detail(81057, "The record already exists.", List.of(), at));
            case ADDRESS_OR_CNAME_CLASH ->
                one(81053, "An A, AAAA, or CNAME record with that host already exists.", error, at);
            case CNAME_CLASH -> one(81054, "A CNAME record with that host already exists.", error, at);
            case NS_CLASH -> one(81056, "NS records with that host already exist.", error, at);
            case NO_SUCH_RECORD -> List.of(new Detail(81044, "Record does not exist.", List.of(), at));
            case NO_SUCH_ZONE ->
                List.of(
                        new Detail(
                                7003,
                                "Could not route to /zones/" + error.value()
                                        + ", perhaps your object identifier is invalid?"),
                        new Detail(7000, "No route for that URI"));
            case ZONE_EXISTS -> List.of(new Detail(1061, error.value() + " already exists"));
            case INVALID_CONTENT -> validation(9005, error, at);
            case INVALID_NAME -> validation(9000, error, at);
            case INVALID_TTL -> validation(9021, error, at);
            case INVALID_TYPE -> validation(9004, error, at);
            case INVALID_FIELD -> validation(9100, error, at);
            case NOT_PROXIABLE -> validation(9041, error, at);
        };
    }

    private static List<Detail> one(int code, String message, FieldError error, String at) {
        return List.of(new Detail(
                code, message, List.of(new Detail(code, error.sentence())), at + ApiError.pointer(error.field())));
    }

    private static List<Detail> validation(int code, FieldError error, String at) {
        return List.of(new Detail(
                1004,
                "DNS Validation Error",
                List.of(new Detail(code, error.sentence())),
                at + ApiError.pointer(error.field())));
    }

    static ApiError conflict(ChangeOutcome.VersionConflict conflict) {
        return new ApiError(
                412,
                List.of(new Detail(
                        10412, "The zone has changed: it is at version " + conflict.currentVersion() + " now.")),
                Map.of("ETag", ZoneVersion.etag(conflict.currentVersion())));
    }

    static ApiError unavailable(ChangeOutcome.Unavailable unavailable) {
        return new ApiError(
                503,
                List.of(new Detail(10503, "Nothing was changed: " + unavailable.reason())),
                Map.of("Retry-After", "2"));
    }

    static ApiError unknown(ChangeOutcome.Unknown unknown) {
        return new ApiError(
                503,
                List.of(new Detail(10504, "The outcome is unknown, look before trying again: " + unknown.reason())),
                Map.of("Retry-After", "5"));
    }
}
