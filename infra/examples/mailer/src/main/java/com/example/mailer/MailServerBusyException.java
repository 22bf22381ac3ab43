package com.example.mailer;

/** The mail server has no time now. */
public class MailServerBusyException extends RuntimeException {

    private static final long serialVersionUID = 1L;
}
