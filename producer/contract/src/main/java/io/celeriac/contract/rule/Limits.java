package io.celeriac.contract.rule;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The limits of the wire, all of them, each with its reason. Whatever keeps to them is read by every reader of ours, and its row fits
 * the tables. Lengths of texts are in Unicode code points, as the columns and JSON Schema count them.
 */
public final class Limits {

    /** Characters of a task's name: the column {@code task}, VARCHAR(255). */
    public static final int TASK_NAME = 255;

    /** Characters of an id: the column {@code id}, VARCHAR(64). */
    public static final int ID = 64;

    /** Characters of a queue's name: with the name space before it, it is the name of a topic, which has at most 249. */
    public static final int QUEUE_NAME = 80;

    /** Characters of a key: the column {@code task_key}, VARCHAR(255). */
    public static final int KEY = 255;

    /** Characters of the name of a schedule that a task says it comes from: the column {@code schedule_name}, VARCHAR(255). */
    public static final int SCHEDULE_NAME = 255;

    /** Characters of the name of an application that declares schedules: the column {@code source}, VARCHAR(100). */
    public static final int SOURCE = 100;

    /** Characters of a worker's id: the column {@code worker}, VARCHAR(255). Of a longer one a worker tells the beginning. */
    public static final int WORKER = 255;

    /** Labels of a task: each is a row of an index, written in one transaction with hundreds of other tasks. */
    public static final int LABELS = 100;

    /** Characters of a label's name: the column {@code name} of the index, VARCHAR(255). */
    public static final int LABEL_NAME = 255;

    /** Characters of a label's value. The index has the first 255 of them; more than these are no label, but data. */
    public static final int LABEL_VALUE = 4_000;

    /** Characters of an argument's name and of a name within a JSON value: readers of Jackson stop at 50,000 bytes. */
    public static final int NAME = 5_000;

    /** Steps in {@code onSuccess} and in {@code onFailure}: each is a record of up to a mebibyte, and all go out at once. */
    public static final int STEPS = 100;

    /** Steps of steps: a reader needs its stack for each, and stops at 500 levels of JSON, two of which are a step's. */
    public static final int STEP_DEPTH = 100;

    /**
     * Arrays and objects within each other in one value: an argument, a result. With those of a record or a column around it, a value
     * stays below the 100 levels at which the JSON functions of MySQL fail. Those of MariaDB fail at 32, which people do write.
     */
    public static final int DEPTH = 64;

    /** Arrays and objects within each other in a record, which is what {@link #STEP_DEPTH} and {@link #DEPTH} may come to. */
    public static final int RECORD_DEPTH = 500;

    /** Characters of a number as it is written: readers of Jackson stop there. */
    public static final int NUMBER = 1_000;

    /** The exponent of a number, either way: to compute with it then takes thousands of digits at most, not billions. */
    public static final int EXPONENT = 10_000;

    /** Characters of the type of an error: the column {@code error_type} is TEXT, 65,535 bytes. Longer ones are cut. */
    public static final int ERROR_TYPE = 1_000;

    /** Tasks in one request of many: they are all read before the first is sent. */
    public static final int BATCH = 10_000;

    /** Least and greatest priority. */
    public static final int LEAST_PRIORITY = 0;

    /** Least and greatest priority. */
    public static final int GREATEST_PRIORITY = 9;

    /** Bytes of a request of a Kafka producer, and with it of a record, unless {@code max.request.size} says otherwise. */
    public static final int REQUEST_BYTES = 1 << 20;

    /** Room in a request for what the protocol adds to a record. */
    public static final int REQUEST_OVERHEAD = 1024;

    /** Room in a record for what a worker keeps with an unfinished task, and in a dead letter: its place, its history, the reason. */
    public static final int KEPT_BESIDE = 24 * 1024;

    /** Bytes of the record of a task, key, value and headers, where producers have their default settings. */
    public static final int TASK_BYTES = taskBytes(REQUEST_BYTES - REQUEST_OVERHEAD);

    /** Words that stand where an id would in paths of the REST interface, today or by its design, and what a path resolves. */
    public static final Set<String> RESERVED_IDS =
            Set.of(".", "..", "batch", "complete", "counts", "events", "failures", "retry", "revoke");

    /** The same for names of schedules. */
    public static final Set<String> RESERVED_SCHEDULE_NAMES =
            Set.of(".", "..", "batch", "complete", "counts", "events", "pause", "preview", "resume");

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
