/**
 * State changes of tasks as server-sent events, straight from the results topic.
 *
 * <pre>
 * results topic ─▶ EventHub ─▶ RecentRecords      the last 32 MB at most, read by all clients, each with a cursor of its own
 *                                   │
 *                  Senders ─▶ EventClient ─▶ EventOutput
 *                                   ▲
 *                               CatchUp           for one client, from older offsets up to what is kept in memory
 * </pre>
 *
 * <p>No client has a thread of its own, and only a {@link Replay} ever waits for a client.
 */
@NullMarked
package io.celeriac.resultsweb.event;

import org.jspecify.annotations.NullMarked;
