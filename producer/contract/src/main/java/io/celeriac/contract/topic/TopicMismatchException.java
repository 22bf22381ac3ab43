package io.celeriac.contract.topic;

/** A topic exists, but differs from the settings. Somebody has to change one or the other. */
public final class TopicMismatchException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    TopicMismatchException(String topic, String what, String expected, String found) {
        this(topic, what, expected, found, "change the topic or the setting");
    }

    /**
     * @param remedy what a person has to do
     */
    TopicMismatchException(String topic, String what, String expected, String found, String remedy) {
        super("topic " + topic + " exists with " + what + " " + found + ", but the settings say " + expected + ": "
                + remedy);
    }
}
