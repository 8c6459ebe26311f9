package io.anycastle.app.config;

/**
 * One setting: where it stands in the file, what it may be, and what it is when nobody says.
 *
 * @param path dotted, as in {@code dns.listen}
 * @param doc one sentence for the operator; unit and range come from the shape
 */
public record Key<T>(String path, Shape<T> shape, T fallback, String doc) {}
