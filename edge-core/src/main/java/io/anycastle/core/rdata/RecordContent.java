package io.anycastle.core.rdata;

import io.anycastle.core.model.Rdata;
import java.util.OptionalInt;

/**
 * A record's content once it is understood.
 *
 * @param text the stored form: parsing it again gives this very content
 * @param priority present for just the types that have one; not in the text, but in the octets
 */
public record RecordContent(String text, OptionalInt priority, Rdata rdata) {}
