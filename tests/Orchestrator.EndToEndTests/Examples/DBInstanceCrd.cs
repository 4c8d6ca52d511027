namespace DeploymentOrchestrator.EndToEndTests.Examples;

/// <summary>
/// The CRD of ACK's DBInstance, trimmed to the fields that the example and the test use, with their names and types. The test simulates its controller.
/// </summary>
/// <remarks>https://github.com/aws-controllers-k8s/rds-controller, config/crd/bases/rds.services.k8s.aws_dbinstances.yaml.</remarks>
internal static class DBInstanceCrd
{
    public const string Yaml = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: dbinstances.rds.services.k8s.aws
        spec:
          group: rds.services.k8s.aws
          scope: Namespaced
          names:
            kind: DBInstance
            listKind: DBInstanceList
            plural: dbinstances
            singular: dbinstance
          versions:
            - name: v1alpha1
              served: true
              storage: true
              subresources:
                status: {}
              schema:
                openAPIV3Schema:
                  type: object
                  properties:
                    spec:
                      type: object
                      required: [dbInstanceClass, dbInstanceIdentifier, engine]
                      properties:
                        allocatedStorage: {type: integer, format: int64}
                        dbInstanceClass: {type: string}
                        dbInstanceIdentifier: {type: string}
                        dbName: {type: string}
                        engine: {type: string}
                        engineVersion: {type: string}
                        manageMasterUserPassword: {type: boolean}
                        masterUsername: {type: string}
                        storageEncrypted: {type: boolean}
                    status:
                      type: object
                      properties:
                        conditions:
                          type: array
                          items:
                            type: object
                            required: [status, type]
                            properties:
                              lastTransitionTime: {type: string, format: date-time}
                              message: {type: string}
                              reason: {type: string}
                              status: {type: string}
                              type: {type: string}
                        dbInstanceStatus: {type: string}
                        endpoint:
                          type: object
                          properties:
                            address: {type: string}
                            hostedZoneID: {type: string}
                            port: {type: integer, format: int64}
                        masterUserSecret:
                          type: object
                          properties:
                            kmsKeyID: {type: string}
                            secretARN: {type: string}
                            secretStatus: {type: string}
        """;
}
