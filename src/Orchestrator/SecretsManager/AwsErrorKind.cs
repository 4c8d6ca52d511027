namespace DeploymentOrchestrator.SecretsManager;

/// <summary>The kinds of AWS errors, by what a caller has to do. The codes of each kind are in <see cref="AwsErrors"/>.</summary>
internal enum AwsErrorKind
{
    /// <summary>A code that AWS does not document for these calls.</summary>
    Unknown,

    /// <summary>No such secret, or not yet: Secrets Manager is eventually consistent.</summary>
    NotFound,

    /// <summary>The name is taken, or the token already names a version with another value.</summary>
    AlreadyExists,

    /// <summary>Not possible in the secret's present state, such as when it is scheduled for deletion.</summary>
    InvalidRequest,

    /// <summary>A parameter is outside AWS's limits.</summary>
    InvalidParameter,

    /// <summary>A resource policy is malformed or public.</summary>
    MalformedPolicy,

    /// <summary>IAM, KMS or the account refuses.</summary>
    Denied,

    /// <summary>AWS does not accept the key id, the signature or the token.</summary>
    RejectedCredentials,

    /// <summary>No credentials were found, so nothing was sent.</summary>
    NoCredentials,

    /// <summary>The session's credentials have expired, and no newer ones were found.</summary>
    ExpiredCredentials,

    /// <summary>Too many calls: retry later, and slower.</summary>
    Throttled,

    /// <summary>A hard quota is exhausted. A retry does not help soon, so the client never retries.</summary>
    LimitExceeded,

    /// <summary>KMS cannot encrypt: the key is disabled, pending deletion or of the wrong kind.</summary>
    Encryption,

    /// <summary>KMS cannot decrypt: the key is disabled, pending deletion or of the wrong kind.</summary>
    Decryption,

    /// <summary>AWS failed (5xx).</summary>
    Internal,

    /// <summary>No usable answer: DNS, connection, TLS, a cut connection or a timeout. A write may have happened nevertheless.</summary>
    Network,
}
