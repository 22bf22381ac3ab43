/** Secrets in tasks: which parameters are secret, and how their values are taken out of texts. */
@NullMarked
package io.celeriac.contract.redaction;

import org.jspecify.annotations.NullMarked;
