package io.tanja.proxy.http;

import java.time.InstantSource;

/**
 * What one event loop needs to deal with a head: where it is copied to, what it is parsed into, where the edited one is
 * written. Shared by all connections of the loop, so nothing on it outlives one call. One writer: the event loop.
 */
final class Workbench {
    /** Lets parsers look one octet ahead of what they have checked. */
    private static final int SLACK = 16;

    final byte[] head;
    final ParsedRequest request;
    final ParsedResponse response;
    final HeadWriter writer = new HeadWriter();
    final HeadEditor editor = new HeadEditor(writer);
    final DateField date;

    Workbench(Http1Settings settings, InstantSource clock) {
        head = new byte[settings.maxHeadBytes() + SLACK];
        request = new ParsedRequest(settings.maxFields());
        response = new ParsedResponse(settings.maxFields());
        date = new DateField(clock);
    }
}
