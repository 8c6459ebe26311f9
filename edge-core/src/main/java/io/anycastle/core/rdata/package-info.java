/**
 * What the content of each record type may be: one {@link io.anycastle.core.rdata.ContentForm} per type turns a user's spelling into the
 * stored text and the octets on the wire, and {@link io.anycastle.core.rdata.RecordParser} checks a whole record.
 */
@NullMarked
package io.anycastle.core.rdata;

import org.jspecify.annotations.NullMarked;
