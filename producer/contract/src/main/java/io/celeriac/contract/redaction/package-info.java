/** Secrets in tasks: names the secret parameters, and removes their values from texts. */
@NullMarked
package io.celeriac.contract.redaction;

import org.jspecify.annotations.NullMarked;
