package com.example.mailer;

/** Delivers mails. */
@FunctionalInterface
public interface MailServer {

    /**
     * Delivers a mail once for each key.
     *
     * @return the id of the message
     * @throws MailServerBusyException when it may be tried again
     */
    String deliver(String key, String to, String subject);
}
