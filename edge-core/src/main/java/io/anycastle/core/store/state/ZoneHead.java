package io.anycastle.core.store.state;

import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.Zone;

/**
 * A zone without its records, as it is stored.
 *
 * @param stamp when its settings were last changed; version, serial and time of change follow every change set and do not count
 */
public record ZoneHead(Zone zone, Stamp stamp) {}
