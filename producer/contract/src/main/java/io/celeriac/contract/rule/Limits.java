package io.celeriac.contract.rule;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * All limits of the wire, each with its reason. Every program of Celeriac can read a record that keeps to them, and its row fits the
 * tables. Lengths of texts are in Unicode code points, as the columns and JSON Schema count them.
 */
public final class Limits {

    /** Characters of a task's name: the column {@code task}, VARCHAR(255). */
    public static final int TASK_NAME = 255;

    /** Characters of an id: the column {@code id}, VARCHAR(64). */
    public static final int ID = 64;

    /** Characters of a queue's name. The name of its topic begins with the namespace, and has at most 249 characters. */
    public static final int QUEUE_NAME = 80;

    /** Characters of a key: the column {@code task_key}, VARCHAR(255). */
    public static final int KEY = 255;

    /** Characters of the name of a schedule that a task says it comes from: the column {@code schedule_name}, VARCHAR(255). */
    public static final int SCHEDULE_NAME = 255;

    /** Characters of the name of an application that declares schedules: the column {@code source}, VARCHAR(100). */
    public static final int SOURCE = 100;

    /** Characters of a worker's id: the column {@code worker}, VARCHAR(255). A worker publishes the beginning of a longer id. */
    public static final int WORKER = 255;

    /** Characters of the name of who gave a command or made a change: the columns for it are VARCHAR(255). */
    public static final int AUTHOR = 255;

    /** Characters of a note to a pause or a limit: people read it in a line of a list. */
    public static final int NOTE = 1_000;

    /** Characters of a rate limit that is set live: enough for any rate, and heartbeats repeat it every five seconds. */
    public static final int RATE_LIMIT = 32;

    /** Attempts at once that a live setting may ask for: each is a thread. */
    public static final int CONCURRENCY = 100_000;

    /** Labels of a task: each is a row of an index, written in one transaction with hundreds of other tasks. */
    public static final int LABELS = 100;

    /** Characters of a label's name: the column {@code name} of the index, VARCHAR(255). */
    public static final int LABEL_NAME = 255;

    /** Characters of a label's value. The index has the first 255 of them. A longer text is data, not a label. */
    public static final int LABEL_VALUE = 4_000;

    /** Characters of an argument's name and of a name within a JSON value: Jackson's readers stop at 50,000 bytes. */
    public static final int NAME = 5_000;

    /** Steps in {@code onSuccess} and in {@code onFailure}: each is a record of up to a mebibyte, and all are sent at once. */
    public static final int STEPS = 100;

    /** Levels of nested steps: a reader needs stack for each, and stops at 500 levels of JSON; a step takes two. */
    public static final int STEP_DEPTH = 100;

    /** Levels of nested nodes in a workflow: each takes up to three levels of JSON. */
    public static final int WORKFLOW_DEPTH = 100;

    /** Bytes of the tasks that a map, starmap or chunks makes: the coordinator stores each of them. */
    public static final int WORKFLOW_ITEM_BYTES = 64 << 20;

    /** Children of a node of a workflow: each is a record of the coordinator's store. */
    public static final int WORKFLOW_MEMBERS = 1_000_000;

    /**
     * Levels of nested arrays and objects in one value: an argument, a result. Together with the levels of a record or a column around
     * it, a value stays below the 100 levels at which the JSON functions of MySQL fail. Those of MariaDB fail at 32, but people do write
     * such values.
     */
    public static final int DEPTH = 64;

    /** Levels of nested arrays and objects in a record: enough for {@link #STEP_DEPTH} and {@link #DEPTH} together. */
    public static final int RECORD_DEPTH = 500;

    /** Characters of a number as it is written: Jackson's readers stop there. */
    public static final int NUMBER = 1_000;

    /** Absolute value of a number's exponent: calculations then take thousands of digits at most, not billions. */
    public static final int EXPONENT = 10_000;

    /** Characters of the type of an error: the column {@code error_type} is TEXT, 65,535 bytes. Longer ones are cut. */
    public static final int ERROR_TYPE = 1_000;

    /** Of a unique key: its owner keeps a record of each key for so long after the task has ended. */
    public static final Duration UNIQUE_WINDOW = Duration.ofDays(7);

    /** Tasks in a batch: all are read before the first is sent. */
    public static final int BATCH = 10_000;

    /** Least priority. */
    public static final int LEAST_PRIORITY = 0;

    /** Greatest priority. */
    public static final int GREATEST_PRIORITY = 9;

    /** Bytes of a Kafka producer's request, and so of a record, unless {@code max.request.size} says otherwise. */
    public static final int REQUEST_BYTES = 1 << 20;

    /** Bytes that the protocol adds to a record in a request. */
    public static final int REQUEST_OVERHEAD = 1024;

    /** Bytes that a worker keeps with an unfinished task, and in a dead letter: its place, its history, the reason. */
    public static final int KEPT_BESIDE = 24 * 1024;

    /** Bytes of a task's record (key, value and headers), if producers have their default settings. */
    public static final int TASK_BYTES = taskBytes(REQUEST_BYTES - REQUEST_OVERHEAD);

    /** Words that paths of the REST interface have in place of an id, today or by design, and the dots that paths resolve. */
    public static final Set<String> RESERVED_IDS = Set.of(
            ".", "..", "batch", "complete", "counts", "events", "explain", "export", "failures", "retry", "revoke");

    /** The same for names of schedules; the form of a new schedule has {@code new} in the path of its page. */
    public static final Set<String> RESERVED_SCHEDULE_NAMES =
            Set.of(".", "..", "batch", "complete", "counts", "events", "new", "pause", "preview", "resume");

    static final Pattern TASK_NAME_PATTERN = Pattern.compile("[A-Za-z0-9_.:-]{1," + TASK_NAME + "}");
    static final Pattern ID_PATTERN = Pattern.compile("[A-Za-z0-9_.:-]{1," + ID + "}");
    static final Pattern QUEUE_PATTERN = Pattern.compile("[a-z0-9-]{1," + QUEUE_NAME + "}");

    private static final int HEADER_OVERHEAD = 10;

    private Limits() {}

    /**
     * The most bytes that the record of a task may have for a worker to keep it.
     *
     * @param recordBytes the most that any record may have
     */
    public static int taskBytes(int recordBytes) {
        return recordBytes - KEPT_BESIDE;
    }

    /** Bytes of a record: key, value and headers. */
    public static int size(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
        var size = (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
        for (var header : headers) {
            size += header.key().length() + (header.value() == null ? 0 : header.value().length) + HEADER_OVERHEAD;
        }
        return size;
    }
}
